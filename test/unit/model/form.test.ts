import { describe, it } from 'vitest'
import { type Changes, expectFound } from './document.js'

const rows: [string, Changes, string[]][] = [
  ['a country of nobody', { 'site.country': 'XX' }, ['country.unknown at site.country']],
  ['no country', { 'site.country': undefined }, ['key.missing at site.country']],
  [
    'a time zone of nobody',
    { 'site.timeZone': 'Europe/Lutetia' },
    ['timeZone.unknown at site.timeZone'],
  ],
  [
    'a time zone that is an offset',
    { 'site.timeZone': '+01:00' },
    ['timeZone.unknown at site.timeZone'],
  ],
  ['a reserved name', { 'site.name': 'default' }, ['id.reserved at site.name']],
  ['a reserved group', { 'lines.0.group': 'all' }, ['id.reserved at lines.0.group']],
  [
    'a plan with a bad name',
    { 'plans.Gold': { label: 'x', calls: { included: 1, maximum: 1 } } },
    ['id.format at plans.Gold'],
  ],
  [
    'plans that are a list',
    { plans: [] },
    [
      'value.type at plans',
      ...[0, 1, 2].map((line) => `ref.missing at lines.${line}.plan`),
    ],
  ],
  [
    'lines that are a mapping',
    { lines: {}, aliases: [] },
    ['value.type at lines', 'lines.none at lines'],
  ],
  ['a line that is a text', { 'lines.2': 'x' }, ['value.type at lines.2']],
  [
    'an unknown key',
    { 'lines.0.simultaneousCalls': 2 },
    ['key.unknown at lines.0.simultaneousCalls'],
  ],
  ['a newer format', { version: 2, queues: [] }, ['schema.newer at version']],
]

describe('Form: what is wrong is named with its place', () => {
  it.each(rows)('%s', (_, changes, findings) => {
    expectFound(changes, findings)
  })
})
