import { expect, it } from 'vitest'
import { arrive } from '../../../src/call/arrival.js'
import type { Line } from '../../../src/model/line.js'
import {
  ALICE,
  type Around,
  box,
  directoryWith,
  lineOf,
  routingWith,
  toBob,
  told,
} from './told.js'

const cfu = { unconditional: toBob }
const cfb = { busy: toBob }
const cfnr = { noAnswer: { after: 10, ...toBob } }
const cfnl = { unreachable: toBob }
const unplugged: Around = { unplugged: [ALICE] }
const full: Around = { inUse: 1 }
const hidden: Around = { caller: '' }

type Row = [rule: string, alice: Partial<Line>, around: Around, told: string]

/** Spec D3, in its order; alice may have one call unless the row says more. */
const rows: Row[] = [
  ['nothing is on: she rings', {}, {}, 'ring: ring alice 60'],
  [
    'ACR refuses who hides',
    { rejectAnonymous: true },
    hidden,
    'anonymousRejected: announce anonymousRejected callRejected',
  ],
  [
    'ACR lets through who shows his number',
    { rejectAnonymous: true },
    {},
    'ring: ring alice 60',
  ],
  ['without ACR who hides rings', {}, hidden, 'ring: ring alice 60'],
  ['absent refuses', { absent: true }, {}, 'absent: announce absent subscriberAbsent'],
  [
    'DND refuses',
    { doNotDisturb: true },
    {},
    'doNotDisturb: announce doNotDisturb subscriberAbsent',
  ],
  [
    'ACR beats absent',
    { rejectAnonymous: true, absent: true },
    hidden,
    'anonymousRejected: announce anonymousRejected callRejected',
  ],
  [
    'absent beats DND',
    { absent: true, doNotDisturb: true },
    {},
    'absent: announce absent subscriberAbsent',
  ],
  [
    'DND beats CFU',
    { doNotDisturb: true, forwarding: cfu },
    {},
    'doNotDisturb: announce doNotDisturb subscriberAbsent',
  ],
  [
    'DND beats unreachable',
    { doNotDisturb: true },
    unplugged,
    'doNotDisturb: announce doNotDisturb subscriberAbsent',
  ],
  ['CFU forwards', { forwarding: cfu }, {}, 'cfu ring: ring bob 60'],
  [
    'CFU masks the other three',
    { forwarding: { ...cfu, ...cfb, ...cfnl, ...cfnr } },
    { inUse: 1, unplugged: [ALICE] },
    'cfu ring: ring bob 60',
  ],
  ['unplugged is 480', {}, unplugged, 'notReachable: refuse subscriberAbsent'],
  ['CFNL forwards', { forwarding: cfnl }, unplugged, 'notReachable ring: ring bob 60'],
  ['CFNL sleeps while plugged in', { forwarding: cfnl }, {}, 'ring: ring alice 60'],
  [
    'unreachable beats full (D2)',
    { forwarding: cfb },
    { inUse: 1, unplugged: [ALICE] },
    'notReachable: refuse subscriberAbsent',
  ],
  ['full is busy', {}, full, 'noFreeCallSlot: refuse userBusy'],
  ['full is busy, box or not', box, full, 'noFreeCallSlot: refuse userBusy'],
  [
    'CFB answers a full line',
    { forwarding: cfb },
    full,
    'noFreeCallSlot ring: ring bob 60',
  ],
  ['CFB sleeps while a slot is free', { forwarding: cfb }, {}, 'ring: ring alice 60'],
  [
    'CFB sleeps below a limit of two',
    { calls: 2, forwarding: cfb },
    full,
    'ring: ring alice 60 waiting',
  ],
  [
    'above a lowered limit is full',
    { calls: 1 },
    { inUse: 3 },
    'noFreeCallSlot: refuse userBusy',
  ],
  ['CFNR sets how long it rings', { forwarding: cfnr }, {}, 'ring: ring alice 10'],
  [
    'CFNR forwards nothing yet',
    { forwarding: cfnr },
    full,
    'noFreeCallSlot: refuse userBusy',
  ],
]

it.each(rows)('%s', (_, alice, around, expected) => {
  const directory = directoryWith(alice)
  const decided = arrive(lineOf(directory, ALICE), routingWith(directory, around))
  expect(told(decided)).toBe(expected)
})
