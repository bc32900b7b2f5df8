import { expect, it } from 'vitest'
import { directoryOf } from '../../../src/call/directory.js'
import { type Caller, explain } from '../../../src/call/explain.js'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import { PhoneBook } from '../../scenario/phone-book.js'
import { said } from './told.js'

const ALICE = '0033972100001'
const CAROL = '0033972100003'
const ACCESS = '0033972550000'
const voicemail = { pin: new Secret('204060') }
const outside: Caller = { kind: 'outside', number: '0033612345678' }
const alice: Caller = { kind: 'line', line: ALICE }

const rows: [string, Partial<Line>, Caller, string, string][] = [
  ['123 opens the own box', { voicemail }, alice, '123', 'consult alice'],
  ['a line without box has none to open', {}, alice, '123', 'refuse unallocatedNumber'],
  [
    '123 opens the box that was chosen',
    { group: 'paris', defaultVoicemail: CAROL },
    alice,
    '123',
    'consult carol',
  ],
  [
    'not that of another group, whatever is stored',
    { voicemail, group: 'lyon', defaultVoicemail: CAROL },
    alice,
    '123',
    'refuse unallocatedNumber',
  ],
  ['a locked line opens its box', locked(), alice, '123', 'consult alice'],
  ['the access number from a line', {}, alice, '0972550000', 'voicemail-access'],
  ['the access number from outside', {}, outside, ACCESS, 'voicemail-access'],
  [
    'nobody is forwarded to the access number',
    { forwarding: { unconditional: { to: { kind: 'number', number: ACCESS } } } },
    outside,
    ALICE,
    'refuse subscriberAbsent',
  ],
]

it.each(rows)('%s', (_, line, from, to, wanted) => {
  const book = new PhoneBook()
  book.declare('line', 'alice', line)
  book.declare('line', 'bob', {})
  book.declare('line', 'carol', { voicemail, group: 'paris' })
  book.declare('trunk', 'carrier', {})
  const directory = directoryOf({ ...book.site(), voicemailAccess: ACCESS })
  const assumed = { inUse: new Map(), unreachable: new Set<string>() }
  const answer = explain(directory, { from, to, assumed })?.answer
  expect(answer && said(answer)).toBe(wanted)
})

function locked(): Partial<Line> {
  return { voicemail, lock: { pin: new Secret('2580'), active: true } }
}
