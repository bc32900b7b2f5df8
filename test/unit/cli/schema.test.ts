import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { siteSchema } from '../../../src/config/schema-json.js'

const project = join(import.meta.dirname, '../../..')
const committed = readFileSync(join(project, 'schema/site.schema.json'), 'utf8')
const example = readFileSync(join(project, 'examples/site.yaml'), 'utf8')

/** As a validator of JSON Schema would read it, without our own schemas. */
const asRead = z.fromJSONSchema(JSON.parse(committed))

describe('the JSON Schema of the site file', () => {
  it('is committed as the program prints it (npm run schema)', () => {
    expect(committed).toBe(`${JSON.stringify(siteSchema(), undefined, 2)}\n`)
  })

  it('is named by the example, for editors', () => {
    const [first] = example.split('\n')
    expect(first).toBe('# yaml-language-server: $schema=../schema/site.schema.json')
  })

  it('accepts the example', () => {
    expect(asRead.safeParse(parse(example)).error).toBeUndefined()
  })

  it.each([
    ['an unknown key', 'calls: 3', 'call: 3'],
    ['a number without quotes', 'number: "0033972100002"', 'number: 33972100002'],
    ['too many calls', 'calls: 3', 'calls: 100'],
    ['an unknown language', 'language: fr', 'language: de'],
    ['a short password', 'password: k7Vw2mXq9sLd4RtY', 'password: k7Vw'],
  ])('refuses %s', (_, from, to) => {
    expect(asRead.safeParse(parse(example.replace(from, to))).success).toBe(false)
  })

  it('describes every key', () => {
    expect(undescribed(JSON.parse(committed))).toEqual([])
  })
})

const Node = z.looseObject({
  $ref: z.string().optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).default([]),
  $defs: z.record(z.string(), z.unknown()).default({}),
})

/** Paths of keys without a word about them, neither here nor where they refer to. */
function undescribed(node: unknown, path = ''): string[] {
  const parsed = Node.safeParse(node).data
  if (!parsed) return []
  const { properties, $defs, items, additionalProperties, anyOf } = parsed
  const keys = Object.entries(properties).flatMap(([key, value]) => {
    const { $ref, description } = Node.parse(value)
    return $ref || description ? [] : [`${path}/${key}`]
  })
  const below = [
    ...Object.entries(properties),
    ...Object.entries($defs),
    ...[items, additionalProperties, ...anyOf].map((each) => ['*', each] as const),
  ]
  return [
    ...keys,
    ...below.flatMap(([key, value]) => undescribed(value, `${path}/${key}`)),
  ]
}
