import { expect, it } from 'vitest'
import { depart } from '../../../src/call/departure.js'
import { destinationFrom, dialledBy } from '../../../src/call/destination.js'
import type { Line } from '../../../src/model/line.js'
import {
  ALICE,
  type Around,
  BOB,
  box,
  directoryWith,
  lineOf,
  routingWith,
  told,
} from './told.js'

const open = { outgoing: { special: true, international: true } }
const noCarrier: Around = { trunks: [] }
const full: Around = { inUse: 1 }
const fast: Around = { tooFast: true }

type Row = [
  rule: string,
  dialled: string,
  alice: Partial<Line>,
  around: Around,
  told: string,
]

/** Spec D5, in its order. */
const rows: Row[] = [
  ['emergency first', '112', {}, {}, 'emergency: trunk first 112'],
  ['emergency over the limit', '112', {}, full, 'emergency: trunk first 112'],
  ['emergency as mobiles write it', '+112', {}, full, 'emergency: trunk first 112'],
  ['emergency behind a prefix', '365115', {}, full, 'emergency: trunk first 15'],
  ['emergency that the site adds', '1234', {}, full, 'emergency: trunk first 1234'],
  ['0112 is no emergency', '0112', {}, {}, 'malformed: refuse unallocatedNumber'],
  ['emergency without a carrier', '112', {}, noCarrier, 'emergency: refuse noCircuit'],
  ['too fast is no circuit', 'bob', {}, fast, 'tooFast: refuse noCircuit'],
  ['emergency, however fast', '112', {}, fast, 'emergency: trunk first 112'],
  ['her own limit is no circuit', 'bob', {}, full, 'ownLimit: refuse noCircuit'],
  ['her own limit before what she dials', '0', {}, full, 'ownLimit: refuse noCircuit'],
  ['no number', '0', {}, {}, 'malformed: refuse unallocatedNumber'],
  ['a code nobody offers', '*99#', {}, {}, 'notInService: refuse unallocatedNumber'],
  [
    'a short number nobody has',
    '7999',
    {},
    {},
    'shortNumberUnknown: refuse unallocatedNumber',
  ],
  ['a dead alias', 'unused', {}, {}, 'notInService: refuse unallocatedNumber'],
  ['123 without a box', '123', {}, {}, 'voicemail: refuse unallocatedNumber'],
  ['123 with a box', '123', box, {}, 'voicemail: consult alice'],
  ['3691 and no line', '36910612345678', {}, {}, 'intercom: refuse unallocatedNumber'],
  ['3691 and no number', '3691999', {}, {}, 'intercom: refuse unallocatedNumber'],
  [
    '3691 who does not want it',
    `3691${BOB}`,
    {},
    {},
    'intercom: refuse unallocatedNumber',
  ],
  ['special numbers', '0899123456', {}, {}, 'classNotAllowed: refuse callRejected'],
  ['special numbers opened', '0899123456', open, {}, 'outside: trunk first +33899123456'],
  ['abroad', '0034911234567', {}, {}, 'classNotAllowed: refuse callRejected'],
  ['abroad opened', '0034911234567', open, {}, 'outside: trunk first +34911234567'],
  [
    'satellites never',
    '00881612345678',
    open,
    {},
    'classNotAllowed: refuse callRejected',
  ],
  ['a line', 'bob', {}, {}, 'line ring: ring bob 60'],
  ['a line, as people write it', '0972100002', {}, {}, 'line ring: ring bob 60'],
  ['an alias', 'main', {}, {}, 'line ring: ring bob 60'],
  ['herself, with one call', 'alice', {}, full, 'ownLimit: refuse noCircuit'],
  ['a landline', '0123456789', {}, {}, 'outside: trunk first +33123456789'],
  ['a mobile', '0612345678', {}, {}, 'outside: trunk first +33612345678'],
  ['a free number', '0800123456', {}, {}, 'outside: trunk first +33800123456'],
  ['outside without a carrier', '0612345678', {}, noCarrier, 'outside: refuse noCircuit'],
]

const NAMES: Record<string, string> = {
  alice: ALICE,
  bob: BOB,
  main: '0033972200001',
  unused: '0033972200002',
}

it.each(rows)('%s', (_, dialled, alice, around, expected) => {
  const directory = directoryWith(alice, around.trunks)
  const line = lineOf(directory, ALICE)
  const destination = destinationFrom(line, NAMES[dialled] ?? dialled, directory)
  const routing = routingWith(directory, around)
  const { inUse = 0, tooFast } = around
  const departing = { line, inUse, destination, routing, dialled }
  expect(told(depart({ ...departing, ...(tooFast && { tooFast }) }))).toBe(expected)
})

it('a number that the class calls emergency is never refused for its class', () => {
  const directory = directoryWith({})
  const line = lineOf(directory, ALICE)
  const destination = { kind: 'outside', number: '116117', class: 'emergency' } as const
  const routing = routingWith(directory)
  const decided = depart({ line, inUse: 0, destination, routing, dialled: '116117' })
  expect(told(decided)).toBe('outside: trunk first 116117')
})

it.each([
  ['3651', 'prefixAlone: refuse invalidNumberFormat'],
  ['3652', 'prefixAlone: refuse invalidNumberFormat'],
  ['3651112', 'emergency: trunk first 112'],
  ['3652112', 'emergency: trunk first 112'],
  ['3651*21#', 'prefixAlone: refuse callRejected'],
  ['3652#31#', 'prefixAlone: refuse callRejected'],
  ['365136510612345678', 'prefixAlone: refuse callRejected'],
  ['3651365236510612345678', 'prefixAlone: refuse callRejected'],
])('F22 %s', (dialled, expected) => {
  const directory = directoryWith({})
  const line = lineOf(directory, ALICE)
  const { destination } = dialledBy(line, dialled, directory)
  const routing = routingWith(directory)
  expect(told(depart({ line, inUse: 0, destination, routing, dialled }))).toBe(expected)
})
