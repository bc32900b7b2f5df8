import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile, TEMPLATES } from '../../../src/config/template.js'
import { lintTemplate } from '../../../src/config/template-lint.js'
import { prints } from '../../../src/config/template-values.js'
import { Secret } from '../../../src/model/secret.js'

/** Every template of Asterisk's files, in whatever folder it lies. */
const templates = readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.hbs') && !name.startsWith('portal'))
  .sort()

describe('our templates print every value through a typed helper', () => {
  it.each(templates)('%s', (name) => {
    const source = readFileSync(new URL(name, TEMPLATES), 'utf8')
    expect(lintTemplate(source)).toEqual([])
    expect(() => compile(name, source)).not.toThrow()
  })
})

describe('the lint refuses', () => {
  it.each([
    ['a bare mustache', '{{name}}', /bare mustache: name/],
    ['a triple-stash', '{{{text name}}}', /triple-stash/],
    ['an unescaped mustache', '{{&text name}}', /triple-stash/],
    ['an unknown helper', '{{shout name}}', /no such helper: shout/],
    ['a helper of Object', '{{constructor name}}', /no such helper: constructor/],
    ['an unknown block', '{{#with name}}{{/with}}', /no such block: with/],
    ['a bare mustache inside a block', '{{#each a}}{{this}}{{/each}}', /bare mustache/],
    ['a bare mustache in an else', '{{#if a}}{{else}}{{b}}{{/if}}', /bare mustache/],
    ['a partial', '{{> header}}', /PartialStatement/],
    ['a sub-expression', '{{text (lookup a b)}}', /only plain values/],
    ['a named argument', '{{int a max=3}}', /only plain values/],
  ])('%s', (_what, source, fault) => {
    expect(lintTemplate(source).join('; ')).toMatch(fault)
    expect(() => compile('probe', source)).toThrow(fault)
  })

  it('nothing in a plain template', () => {
    expect(lintTemplate('{{!-- why --}}\n[{{ident a}}]\nx={{int b 1 9}}\n')).toEqual([])
  })
})

describe('a compiled template', () => {
  const option = { key: 'allow', value: 'alaw,ulaw' }
  it.each([
    ['prints its values', 'a={{digits n}}', { n: '0033' }, 'a=0033'],
    ['prints an option', '{{key o}}={{value o}}', { o: option }, 'allow=alaw,ulaw'],
    ['escapes nothing', '{{text t}}', { t: "L'Été" }, "L'Été"],
    ['walks a list', '{{#each l}}{{int this}} {{/each}}', { l: [1, 2] }, '1 2 '],
    ['takes the else', '{{#if a}}x{{else}}y{{/if}}', { a: false }, 'y'],
    ['takes the unless', '{{#unless a}}x{{/unless}}', { a: false }, 'x'],
  ])('%s', (_what, source, view, printed) => {
    expect(compile('probe', source)(view)).toBe(printed)
  })

  it.each([
    ['a missing value', '{{digits n}}'],
    ['a missing condition', '{{#if n}}{{/if}}'],
    ['a condition that is no boolean', '{{#if s}}{{/if}}'],
    ['a missing list', '{{#each n}}{{/each}}'],
    ['a field of the prototype', '{{ident constructor}}'],
  ])('throws on %s', (_what, source) => {
    expect(() => compile('probe', source)({ s: 'no' })).toThrow()
  })
})

const secret = (value: string) => new Secret(value)

describe('a helper lets through', () => {
  it.each([
    ['ident', 'from-line', 'from-line'],
    ['digits', '0033972100001', '0033972100001'],
    ['digits', '+33972100001', '+33972100001'],
    ['pin', secret('824613'), '824613'],
    ['int', 0, '0'],
    ['text', "Éloïse d'Arc 北京", "Éloïse d'Arc 北京"],
    ['text', 'é'.repeat(60), 'é'.repeat(60)],
    ['secret', secret('k7Vw2mXq9sLd4RtY'), 'k7Vw2mXq9sLd4RtY'],
    ['cidr', '192.168.1.0/24', '192.168.1.0/24'],
    ['cidr', '192.168.1.77/24', '192.168.1.0/24'],
    ['cidr', '0.0.0.0/0', '0.0.0.0/0'],
    ['cidr', '203.0.113.9/32', '203.0.113.9/32'],
    ['address', { host: '127.0.0.1', port: 5060 }, '127.0.0.1:5060'],
    ['path', '/var/lib/linekeeper', '/var/lib/linekeeper'],
    ['yesno', true, 'yes'],
    ['words', ['alaw', 'g722'], 'alaw,g722'],
    ['realm', 'linekeeper', 'linekeeper'],
    ['realm', 'sip.example.org', 'sip.example.org'],
    ['email', 'accueil@example.org', 'accueil@example.org'],
    ['zone', 'Europe/Paris', 'Europe/Paris'],
    ['zone', 'America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['hex', '0123456789abcdef', '0123456789abcdef'],
    ['pattern', '0033[67]XXX!', '0033[67]XXX!'],
  ])('%s %j', (helper, value, printed) => {
    expect(prints[helper]?.(value)).toBe(printed)
  })
})

describe('a helper refuses', () => {
  it.each([
    ['ident', 'Line'],
    ['ident', '9line'],
    ['ident', ''],
    ['ident', 'a'.repeat(41)],
    ['ident', 'a b'],
    ['ident', 'a\n'],
    ['ident', 'anonymous'],
    ['ident', 'globals'],
    ['digits', '00 33'],
    ['digits', '0033\n'],
    ['digits', 33],
    ['digits', '1'.repeat(21)],
    ['digits', '\u0024{EXTEN}'],
    ['pin', secret('12')],
    ['pin', '824613'],
    ['int', 1.5],
    ['int', Number.NaN],
    ['int', '5'],
    ['int', -1],
    ['text', ''],
    ['text', ' a'],
    ['text', 'a;b'],
    ['text', 'a\nb'],
    ['text', 'a"b'],
    ['text', 'a<b'],
    ['text', 'a,b'],
    ['text', '\u0024{SHELL(id)}'],
    ['text', '$[1+1]'],
    ['text', 'a\u2028b'],
    ['text', 'a\u202eb'],
    ['text', 'e\u0301'],
    ['text', '\ud800'],
    ['text', 'é'.repeat(61)],
    ['text', undefined],
    ['secret', secret('short')],
    ['secret', secret('k7Vw2mXq9s;d4RtY')],
    ['secret', 'k7Vw2mXq9sLd4RtY'],
    ['cidr', '192.168.1.0'],
    ['cidr', '192.168.1.0/33'],
    ['cidr', '192.168.256.0/24'],
    ['cidr', '192.168.1.0/24/24x'],
    ['cidr', '::1/64'],
    ['address', '127.0.0.1:5060'],
    ['address', { host: '127.0.0.1', port: 0 }],
    ['address', { host: 'localhost', port: 5060 }],
    ['host', '127.0.0.01'],
    ['path', 'relative'],
    ['path', '/a b'],
    ['path', '/a/../b'],
    ['path', '/a;b'],
    ['path', '/a/'],
    ['yesno', 'yes'],
    ['words', []],
    ['words', ['alaw', 'a law']],
    ['realm', 'a b'],
    ['email', '-x@example.org'],
    ['email', 'a b@example.org'],
    ['email', 'a@b,c'],
    ['zone', 'Europe/../x'],
    ['hex', 'xyz'],
    ['pattern', ''],
    ['pattern', '.,1,System(x)'],
    ['pattern', 'a!'],
    ['key', { key: 'Bad Key' }],
    ['value', { value: 'a;b' }],
    ['value', { value: 'a\nb' }],
    ['value', undefined],
  ])('%s %j', (helper, value) => {
    expect(() => prints[helper]?.(value)).toThrow(/: refused /)
  })

  it('a word outside the list of the template', () => {
    expect(prints.enum?.('b', 'a', 'b')).toBe('b')
    expect(() => prints.enum?.('c', 'a', 'b')).toThrow('enum: refused "c"')
  })

  it('a number outside the bounds of the template', () => {
    expect(prints.int?.(5, 5, 60)).toBe('5')
    expect(() => prints.int?.(4, 5, 60)).toThrow('int: refused 4')
    expect(() => prints.int?.(61, 5, 60)).toThrow('int: refused 61')
  })

  it('a password without printing it', () => {
    expect(() => prints.secret?.(secret('hunter2'))).toThrow('secret: refused "***"')
  })
})
