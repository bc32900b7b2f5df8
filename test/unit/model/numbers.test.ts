import { describe, it } from 'vitest'
import { type Changes, expectFound } from './document.js'

const alice = '0033972100001'
const bob = '0033972100002'
const short = { number: '7001', to: alice }

const rows: [string, Changes, string[]][] = [
  [
    'two lines with one number',
    { 'lines.1.number': '0972100001' },
    ['number.duplicate at lines.1.number and lines.0.number'],
  ],
  [
    'an alias with the number of a line',
    { 'aliases.0.number': '+33972100002' },
    ['number.duplicate at aliases.0.number and lines.1.number'],
  ],
  [
    'three lines with one number',
    { 'lines.1.number': alice, 'lines.2.number': alice },
    [
      'number.duplicate at lines.1.number and lines.0.number',
      'number.duplicate at lines.2.number and lines.0.number',
    ],
  ],
  [
    'a number of a line that has other mistakes',
    { 'lines.0.calls': 0, 'lines.1.number': alice },
    [
      'limit.range at lines.0.calls',
      'number.duplicate at lines.1.number and lines.0.number',
    ],
  ],
  [
    'a short code as the number of a line',
    { 'lines.1.number': '3949' },
    ['number.format at lines.1.number'],
  ],
  [
    'a short number as the number of an alias',
    { 'aliases.0.number': '7001' },
    ['number.format at aliases.0.number'],
  ],
  [
    'the voicemail code as the number of a line',
    { 'lines.1.number': '123' },
    ['number.format at lines.1.number'],
  ],
  [
    'a short number twice',
    { shortNumbers: [short, short] },
    ['number.duplicate at shortNumbers.1.number and shortNumbers.0.number'],
  ],
  [
    'a short number twice for one line',
    {
      shortNumbers: [
        { number: '2001', line: bob, to: alice },
        { number: '2001', line: bob, to: alice },
      ],
    },
    ['number.duplicate at shortNumbers.1.number and shortNumbers.0.number'],
  ],
  [
    'a short number of a group and of everyone',
    { 'lines.0.group': 'paris', shortNumbers: [short, { ...short, group: 'paris' }] },
    ['number.duplicate at shortNumbers.1.number and shortNumbers.0.number'],
  ],
  [
    'two trunks with one name',
    { 'trunks.1': { name: 'carrier', address: '127.0.0.6:5080' } },
    ['id.duplicate at trunks.1.name and trunks.0.name'],
  ],

  [
    'an alias of nobody',
    { 'aliases.0.redirect.line': '0972100009' },
    ['ref.missing at aliases.0.redirect.line'],
  ],
  [
    'an alias of an alias',
    { 'aliases.1': { number: '0972200001', redirect: { line: '0972200000' } } },
    ['ref.missing at aliases.1.redirect.line'],
  ],
  [
    'an alias of a code',
    { 'aliases.0.redirect.line': '3691' },
    ['number.format at aliases.0.redirect.line'],
  ],
  [
    'two aliases that are presented',
    {
      'aliases.0.redirect.present': true,
      'aliases.1': { number: '0972200001', redirect: { line: alice, present: true } },
    },
    ['alias.present at aliases.1.redirect.present and aliases.0.redirect.present'],
  ],

  [
    'a short number of a line without one',
    { shortNumbers: [{ number: '2001', to: alice }] },
    ['short.owner at shortNumbers.0'],
  ],
  [
    'a short number of a line and a group',
    {
      'lines.0.group': 'paris',
      shortNumbers: [{ number: '2001', line: bob, group: 'paris', to: alice }],
    },
    ['short.owner at shortNumbers.0'],
  ],
  [
    'a short number of a group with a line',
    { shortNumbers: [{ ...short, line: bob }] },
    ['short.owner at shortNumbers.0.line'],
  ],
  [
    'a short number of nobody',
    { shortNumbers: [{ number: '2001', line: '0972100009', to: alice }] },
    ['ref.missing at shortNumbers.0.line'],
  ],
  [
    'a short number of an empty group',
    { shortNumbers: [{ ...short, group: 'lyon' }] },
    ['ref.missing at shortNumbers.0.group'],
  ],
  [
    'a short number of the emergency',
    { shortNumbers: [{ number: '7001', to: '15' }] },
    ['short.class at shortNumbers.0.to'],
  ],
  [
    'a short number of an added emergency',
    { 'emergency.add': ['3249'], shortNumbers: [{ number: '7001', to: '3249' }] },
    ['short.class at shortNumbers.0.to'],
  ],
  [
    'a short number of a satellite',
    { shortNumbers: [{ number: '7001', to: '+881612345678' }] },
    ['short.class at shortNumbers.0.to'],
  ],
  [
    'a short number of a short number',
    { shortNumbers: [{ number: '7001', to: '7002' }] },
    ['number.format at shortNumbers.0.to'],
  ],
  [
    'a short number with two mistakes',
    { shortNumbers: [{ number: '2001', line: '15', to: '123' }] },
    ['number.format at shortNumbers.0.to', 'number.format at shortNumbers.0.line'],
  ],
  [
    'a short number that begins otherwise',
    { shortNumbers: [{ number: '5001', to: alice }] },
    ['short.format at shortNumbers.0.number'],
  ],
]

describe('Numbers, and who refers to them: what is wrong is named with its place', () => {
  it.each(rows)('%s', (_, changes, findings) => {
    expectFound(changes, findings)
  })
})
