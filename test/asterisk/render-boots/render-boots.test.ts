import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { readConf } from '../../../src/config/conf-reader.js'
import { arbitrarySite, siteOf } from '../../rig/random-site.js'
import { type Booted, boot } from './booted.js'

const seed = 20261121
const sites = fc.sample(arbitrarySite(), { seed, numRuns: 10 }).map(siteOf)

let booted: Booted | undefined

afterEach(async () => {
  await booted?.end()
  booted = undefined
})

/** The names of objects as the console lists them: `Endpoint:  0033…/0033…  Unavailable`. */
function listed(text: string, object: string): string[] {
  const rows = text.matchAll(new RegExp(`^ *${object}: +([a-z0-9_]+)(?:/| |$)`, 'gm'))
  return [...rows].map(([, name = '']) => name).sort()
}

describe('Asterisk boots on a random site', () => {
  it.each(sites.map((site, index) => [index + 1, site] as const))(
    '%i',
    async (_index, site) => {
      booted = await boot(site)
      expect(booted.complaints()).toEqual([])

      const names = [
        ...site.lines.map(({ number }) => number),
        ...site.trunks.map(({ name }) => name),
      ]
      expect(listed(await booted.console('pjsip show endpoints'), 'Endpoint')).toEqual(
        names.sort(),
      )
      expect(listed(await booted.console('pjsip show auths'), 'Auth')).toEqual(
        site.lines.map(({ number }) => number).sort(),
      )

      const texts = new Map(booted.files.map(({ name, text }) => [name, text]))
      const { sections } = readConf('extensions.conf', (name) => texts.get(name))
      const contexts = sections
        .map(({ name }) => name)
        .filter((name) => !/^global|^general/.test(name))
      const dialplan = await booted.console('dialplan show')
      const known = [...dialplan.matchAll(/Context '([^']+)' created by 'pbx_config'/g)]
      expect(known.map(([, name]) => name).sort()).toEqual(contexts.sort())
    },
  )
})

/** The names in front of a parenthesis, behind what `before` matches. */
function called(dialplan: string, before: string): string[] {
  const names = dialplan.matchAll(new RegExp(`${before}([A-Za-z_]+)\\(`, 'g'))
  return [...new Set([...names].map(([, name = '']) => name))]
}

it('Asterisk knows every application and function of the dialplan', async () => {
  const site = sites.find(({ trunks }) => trunks.length > 0)
  if (!site) throw new Error('no site with a trunk')
  booted = await boot(site)
  const dialplan = booted.files.find(({ name }) => name === 'extensions.conf')?.text ?? ''
  const applications = called(dialplan, '(?:,1,|n,|\\),)')
  const functions = called(dialplan, '(?:\\$\\{|Set\\()')
  expect(applications).toContain('Dial')
  expect(functions).toContain('GROUP')

  // A module that is not loaded shows at the first call only: "No application 'X'".
  for (const name of applications) {
    expect(await booted.console(`core show application ${name}`)).toContain(`'${name}'`)
  }
  for (const name of functions) {
    expect(await booted.console(`core show function ${name}`)).toContain(`'${name}'`)
  }
})

/** Pieces that have a meaning somewhere in Asterisk's syntax. */
const piece = fc.constantFrom(
  ...[
    ';',
    '\\',
    '--',
    ';--',
    '--;',
    '-',
    '=',
    '=>',
    '+=',
    '>',
    ' ',
    '\t',
    '"',
    'x',
    'é',
    ',',
  ],
)
const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
const text = fc
  .array(
    fc.tuple(
      fc.constantFrom('A', 'B', 'C'),
      fc.constantFrom('=', '=>', '+=', ' = '),
      value,
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((lines) => lines.map(([name, equals, rest]) => name + equals + rest).join('\n'))

it('our reader understands a text as Asterisk does', async () => {
  const texts = [
    ...fc.sample(text, { seed, numRuns: 1000 }),
    // Around the length of its buffer, and of twice its buffer.
    ...[8187, 8188, 8189, 8190, 8191, 8192, 16379, 16380, 16381, 16382].map(
      (bytes) => `A=${'x'.repeat(bytes - 5)}\nB=1\nC=2`,
    ),
  ]
  // Names are told apart by the number of their text.
  const own = texts.map(
    (each, n) => `[globals]\n${each.replaceAll(/^[ABC]/gm, `T${n}$&`)}\n`,
  )
  const custom = Object.fromEntries(own.map((each, n) => [`text${n}.conf`, each]))
  const includes = own.map((_each, n) => `#include "../custom/text${n}.conf"`).join('\n')
  const [site] = sites
  if (!site) throw new Error('no site')
  booted = await boot(site, { ...custom, 'extensions_custom.conf': includes })

  const shown = await booted.console('dialplan show globals')
  const theirs = [...shown.matchAll(/^ {3}(T\d+[ABC].*)$/gm)].map(([, row]) => row)
  const ours = own.flatMap((each) => {
    const globals = new Map<string, string>()
    for (const section of readConf('t', () => each).sections) {
      for (const entry of section.entries) globals.set(entry.name, entry.value)
    }
    return [...globals].map(([name, content]) => `${name}=${content}`)
  })
  expect(theirs.sort()).toEqual(ours.filter((row) => /^T\d+[ABC]/.test(row)).sort())
})
