import { describe, expect, it } from 'vitest'
import { readConf } from '../../../src/config/conf-reader.js'

function read(text: string, others: Record<string, string> = {}) {
  const files: Record<string, string> = { 'a.conf': text, ...others }
  return readConf('a.conf', (name) => files[name])
}

/** `[name] option=value` of everything read, templates marked. */
function shown(text: string, others: Record<string, string> = {}): string[] {
  return read(text, others).sections.map(({ name, template, entries }) => {
    const options = entries.map((entry) => `${entry.name}=${entry.value}`)
    return [`[${name}]${template ? '!' : ''}`, ...options].join(' ')
  })
}

function problems(text: string, others: Record<string, string> = {}): string[] {
  return read(text, others).problems.map(
    ({ file, line, fatal, message }) => `${file}:${line}${fatal ? '!' : ''} ${message}`,
  )
}

describe('the reader understands', () => {
  it.each([
    ['an entry', '[s]\na = b', ['[s] a=b']],
    ['an arrow', '[s]\nexten => 1,1,NoOp()', ['[s] exten=1,1,NoOp()']],
    [
      'an empty value',
      '[s]\neventfilter(name(Reload)) =',
      ['[s] eventfilter(name(Reload))='],
    ],
    ['white space anywhere', ' [s] \n\t a\t=\tb c \r\n', ['[s] a=b c']],
    ['the same name twice', '[s]\na=1\na=2', ['[s] a=1 a=2']],
    ['an appended value', '[s]\na=1\na+=,2', ['[s] a=1,2']],
    ['an appended value without a first', '[s]\na+=2', ['[s] a=2']],
    ['an escaped first character', '[s]\n\\#a=1\n\\[b=2', ['[s] #a=1 [b=2']],
    ['text behind a header', '[s] b = 1\na=1', ['[s] a=1']],
    ['a second section of a name', '[s]\na=1\n[s]\nb=2', ['[s] a=1', '[s] b=2']],
    ['a template', '[t](!)\na=1\n[s](t)\nb=2', ['[t]! a=1', '[s] a=1 b=2']],
    [
      'two templates',
      '[t](!)\na=1\n[u](!)\nb=2\n[s](t,u)',
      ['[t]! a=1', '[u]! b=2', '[s] a=1 b=2'],
    ],
    ['names without case', '[T](!)\na=1\n[s](t)', ['[T]! a=1', '[s] a=1']],
    ['an addition', '[s]\na=1\n[o]\n[s](+)\nb=2', ['[s] a=1 b=2', '[o]']],
  ])('%s', (_what, text, sections) => {
    expect(shown(text)).toEqual(sections)
    expect(problems(text)).toEqual([])
  })
})

describe('comments', () => {
  it.each([
    ['end a line', '[s]\na=1;b\n;c=2', ['[s] a=1']],
    ['do not begin at \\;', '[s]\na=1\\;b', ['[s] a=1;b']],
    ['begin inside quotes', '[s]\na="1;b"', ['[s] a="1']],
    ['span lines', '[s]\na=1;--x\nb=2\n--;\nc=3', ['[s] a=1 c=3']],
    ['leave the rest of the last line', '[s]\n;--x--;a=1', ['[s] a=1']],
    ['leave both ends of a line', '[s]\na=1;--x--;2', ['[s] a=12']],
    ['are nested', '[s]\n;--;--x--;\nb=2\n--;\nc=3', ['[s] c=3']],
    ['of three dashes are short', '[s]\n;---\na=1', ['[s] a=1']],
    ['that never end swallow the file', '[s]\na=1;--\nb=2\n[t]', ['[s] a=1']],
    ['that end without a beginning swallow it too', '[s]\na=1--;\nb=2', ['[s] a=1--;']],
  ])('%s', (_what, text, sections) => {
    expect(shown(text)).toEqual(sections)
  })
})

describe('a line', () => {
  it.each([
    [8190, ['a', 'b', 'c']],
    [8191, ['b', 'c']],
    [20000, ['b', 'c']],
  ])('of %i bytes', (bytes, names) => {
    const text = `[s]\na=${'x'.repeat(bytes - 2)}\nb=1\nc=2`
    expect(read(text).sections[0]?.entries.map(({ name }) => name)).toEqual(names)
  })
})

describe('an include', () => {
  it.each([
    ['continues a section', '#include "b.conf"\nc=3', 'b=2', ['[s] a=1 b=2 c=3']],
    [
      'leaves the section of its includer',
      '#include b.conf\nc=3',
      '[t]\nb=2',
      ['[s] a=1 c=3', '[t] b=2'],
    ],
    ['in angles', '#include <b.conf>', 'b=2', ['[s] a=1 b=2']],
    ['that is tried', '#tryinclude "b.conf"', 'b=2', ['[s] a=1 b=2']],
    [
      'that is tried and missing',
      '#tryinclude "../custom/x.conf"\nc=3',
      '',
      ['[s] a=1 c=3'],
    ],
  ])('%s', (_what, rest, included, sections) => {
    const others = { 'b.conf': included }
    expect(shown(`[s]\na=1\n${rest}`, others)).toEqual(sections)
    expect(problems(`[s]\na=1\n${rest}`, others)).toEqual([])
  })

  it('remembers the file of each entry', () => {
    const conf = read('[s]\n#include "b.conf"', { 'b.conf': '\nb=2' })
    expect(conf.sections[0]?.entries[0]).toMatchObject({ file: 'b.conf', line: 2 })
  })
})

describe('Asterisk would complain about', () => {
  it.each([
    ['a missing file', '#include "x.conf"', 'a.conf:1! #include "x.conf": no such file'],
    ['an open header', '[s\na=1', "a.conf:1! no closing ']'"],
    ['an open inheritance', '[s](t\na=1', "a.conf:1! no closing ')'"],
    ['an unknown template', '[s](t)', 'a.conf:1! [s] inherits t, which is not there'],
    ['an addition to nothing', '[s](+)', 'a.conf:1! [s](+) without a [s]'],
    ['an entry before any section', 'a=1', 'a.conf:1! no section before this line'],
    ['a line without =', '[s]\nhello', "a.conf:2 no '='"],
    ['a line without a name', '[s]\n=1', 'a.conf:2 no name before the ='],
    ['#exec', '[s]\n#exec "/bin/true"', 'a.conf:2 #exec does nothing here'],
    ['an include of nothing', '[s]\n#include', 'a.conf:2 #include names no file'],
  ])('%s', (_what, text, problem) => {
    expect(problems(text)).toEqual([problem])
  })

  it('a file that is not there', () => {
    expect(readConf('x.conf', () => undefined).problems).toEqual([
      { file: 'x.conf', line: 0, fatal: true, message: 'no such file' },
    ])
  })
})
