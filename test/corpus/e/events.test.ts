import { describe, expect, it } from 'vitest'
import { readSnapshot } from '../../../src/ari/channel-list.js'
import { meaningOf } from '../../../src/ari/listen.js'
import { slowness } from '../../rig/slowness.js'
import { asking, channel, destroyed, stasisStart } from './told.js'

/* Rows E of the catalogue of bad input: what events and lists mean, and what they do not. */

const NOTHING = { kind: 'nothing' }

describe('E01 an event that is not as it should be means nothing', () => {
  const broken: [string, unknown][] = [
    ['null', null],
    ['a text', 'StasisStart'],
    ['a list of events', [stasisStart('1.1')]],
    ['no type', { channel: channel('1.1') }],
    ['an unknown type', { ...stasisStart('1.1'), type: 'SomethingNew' }],
    ['a type of Object', { type: 'constructor', channel: channel('1.1') }],
    ['no channel', stasisStart('1.1', { channel: undefined })],
    ['a channel that is a text', stasisStart('1.1', { channel: '1.1' })],
    [
      'an id that is a number',
      stasisStart('1.1', { channel: asking('1.1', { id: 1.1 }) }),
    ],
    ['no arguments', stasisStart('1.1', { args: undefined })],
    ['arguments that are none', stasisStart('1.1', { args: 'departure' })],
    ['numbers for arguments', stasisStart('1.1', { args: [1, 2] })],
    ['a cause in words', { ...destroyed('1.1'), cause: 'Normal Clearing' }],
    [
      'no dialplan',
      { type: 'ChannelCreated', channel: channel('1.1', { dialplan: null }) },
    ],
    ['no caller', { type: 'ChannelCreated', channel: channel('1.1', { caller: {} }) }],
    ['no peer', { type: 'PeerStatusChange', endpoint: { resource: '1' } }],
  ]

  it.each(broken)('%s', (_what, raw) => {
    expect(meaningOf(raw)).toEqual(NOTHING)
  })

  it('and pollutes nothing', () => {
    const raw: unknown = JSON.parse(
      '{"type":"ChannelHold","channel":{"id":"1.1","__proto__":{"polluted":1}},"__proto__":{"polluted":1}}',
    )
    expect(meaningOf(raw)).toEqual({
      kind: 'event',
      event: { kind: 'held', leg: '1.1' },
    })
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('E05 what is not ours', () => {
  it.each([
    'Local/s@ring-00000001;1',
    'Local/0033972100001@lines-00000001;2',
    'Announcer/ARI-00000001;2',
    'Snoop/1.1-00000001',
    'Recorder/ARI-00000001;1',
    'AsyncGoto/PJSIP/0033972100001-0000002a',
    'Surrogate/PJSIP/0033972100001-0000002a',
    'PJSIP/carrier-0000002a',
    'SIP/0033972100001-0000002a',
    'PJSIP/0033972100001-0000002a<ZOMBIE>',
  ])('%s is never a slot', (name) => {
    for (const state of ['Ring', 'Down', 'Up']) {
      const own = channel('1.1', { name, state })
      expect(meaningOf({ type: 'ChannelCreated', channel: own })).toEqual(NOTHING)
      expect(readSnapshot([own]).legs).toEqual([])
    }
  })

  it('a question to another application is not ours to answer', () => {
    const dialplan = { context: 'custom', exten: 's', app_name: 'Stasis' }
    const other = asking('1.1', {
      dialplan: { ...dialplan, app_data: 'wallboard,departure' },
    })
    const alike = asking('1.2', {
      dialplan: { ...dialplan, app_data: 'linekeeper2,departure' },
    })
    const none = asking('1.3', { dialplan: { ...dialplan, app_data: '' } })
    expect(readSnapshot([other, alike, none]).waiting).toEqual([])
    expect(meaningOf(stasisStart('1.1', { application: 'wallboard' }))).toEqual(NOTHING)
    expect(readSnapshot([asking('1.4')]).waiting).toHaveLength(1)
  })

  it('our own beep asks nothing', () => {
    const name = 'Snoop/1.1-00000001'
    const beep = asking('beep-1.1', { name })
    expect(readSnapshot([beep]).waiting).toEqual([NOTHING])
    expect(meaningOf(stasisStart('beep-1.1', { channel: beep, args: [] }))).toEqual(
      NOTHING,
    )
  })
})

describe('S39 a caller whose number is none', () => {
  it.each([
    ['of forty digits', `+${'1'.repeat(40)}`, `+${'1'.repeat(20)}`],
    ['of letters', 'anonymous', ''],
  ])('%s', (_what, number, caller) => {
    const name = 'PJSIP/carrier-0000002a'
    const from = asking('1.1', { name, caller: { name: '', number } })
    const raw = stasisStart('1.1', { channel: from, args: ['arrival', 'allowed'] })
    expect(meaningOf(raw)).toMatchObject({ kind: 'event', event: { caller } })
  })
})

describe('E13 timestamps', () => {
  it.each([undefined, '', 'yesterday', '1970-01-01T00:00:00.000+0000', '9999-12-31', 7])(
    '%s on an event says nothing',
    (timestamp) => {
      expect(meaningOf(stasisStart('1.1', { timestamp }))).toEqual(
        meaningOf(stasisStart('1.1')),
      )
    },
  )

  it('that a list lacks cost its order, and nothing else', () => {
    const odd = [undefined, 'yesterday', '2099-01-01T00:00:00.000+0000', 7, null]
    const all = odd.map((creationtime, at) => asking(`1.${at}`, { creationtime }))
    const { legs, waiting } = readSnapshot([asking('1.9'), ...all])
    expect(legs.map(({ leg }) => leg).sort()).toEqual([
      '1.0',
      '1.1',
      '1.2',
      '1.3',
      '1.4',
      '1.9',
    ])
    expect(waiting).toHaveLength(6)
  })

  it('go back, and the oldest question is still first', () => {
    const late = asking('1.1', { creationtime: '2026-01-31T10:00:01.000+0000' })
    const { waiting } = readSnapshot([late, asking('1.2')])
    expect(waiting).toMatchObject([{ event: { leg: '1.2' } }, { event: { leg: '1.1' } }])
  })
})

describe('E14 a channel of no line we have', () => {
  it.each(['PJSIP/l_abc-0000', 'PJSIP/-0000002a', 'PJSIP/', '', 'PJSIP/0033972100001'])(
    '%s: its question is sent back to the dialplan',
    (name) => {
      const lost = asking('1.1', { name })
      expect(meaningOf(stasisStart('1.1', { channel: lost }))).toMatchObject({
        ...{ kind: 'unanswerable', leg: '1.1' },
      })
      expect(readSnapshot([lost]).legs).toEqual([])
    },
  )
})

describe('E15 what anybody may say', () => {
  it.each(['LkTransferred2', 'lktransferred', 'LkAnswered', '', '__proto__'])(
    'the UserEvent %s means nothing',
    (eventname) => {
      const userevent = { eventname, leg: '1.1' }
      expect(meaningOf({ type: 'ChannelUserevent', eventname, userevent })).toEqual(
        NOTHING,
      )
    },
  )

  it.each(['LK_CALL', 'LK_HB', 'LK_TRANSFEROR'])(
    '%s that is set means nothing',
    (variable) => {
      const set = { type: 'ChannelVarset', variable, value: '0033972100001' }
      expect(meaningOf({ ...set, channel: channel('1.1') })).toEqual(NOTHING)
    },
  )
})

describe('E16 ten thousand channels', () => {
  it('are read in 500 ms', () => {
    const all = Array.from({ length: 10_000 }, (_, at) => {
      const line = `00339721${String(at % 5_000).padStart(5, '0')}`
      const name = `PJSIP/${line}-${at.toString(16).padStart(8, '0')}`
      return asking(`1769853600.${at}`, { name, channelvars: { LK: 'x'.repeat(300) } })
    })
    const text = JSON.stringify(all)
    expect(text.length).toBeGreaterThan(7e6)
    // Other programs may have the processor meanwhile: its own time counts.
    const before = process.cpuUsage()
    const { legs, waiting } = readSnapshot(JSON.parse(text))
    const { user, system } = process.cpuUsage(before)
    expect([legs.length, waiting.length]).toEqual([10_000, 10_000])
    expect((user + system) / 1_000).toBeLessThan(500 * slowness())
  })
})
