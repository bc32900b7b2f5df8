import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import { ALICE, box } from '../../unit/call/told.js'
import { Handset } from '../../unit/codes/handset.js'

const lines = {
  plain: [{}, {}],
  'own PIN': [{ lock: { pin: new Secret('4711'), active: false } }, {}],
  locked: [{ lock: { pin: new Secret('4711'), active: true } }, {}],
  'other group': [{ group: 'lyon' }, box],
  'bob forwards to alice': [
    {},
    { forwarding: { busy: { to: { kind: 'number', number: ALICE } } } },
  ],
} as const satisfies Record<string, readonly [Partial<Line>, Partial<Line>]>

const Row = z.strictObject({
  title: z.string(),
  cases: z.array(
    z.strictObject({
      line: z.enum([
        'plain',
        'own PIN',
        'locked',
        'other group',
        'bob forwards to alice',
      ]),
      dials: z.array(z.tuple([z.string(), z.string()])),
    }),
  ),
})

const rows = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8')
    return { id: name.slice(0, 3).toUpperCase(), ...Row.parse(parse(text)) }
  })

describe.each(rows)('$id $title', ({ cases }) => {
  it.each(cases)('$line', ({ line, dials }) => {
    const handset = new Handset(...lines[line])
    for (const [code, heard] of dials) {
      const before = handset.line
      expect(handset.dial(code), code).toBe(heard)
      if (heard.startsWith('no ')) expect(handset.line).toBe(before)
    }
  })
})

it('has fourteen rows', () => {
  expect(rows).toHaveLength(14)
})
