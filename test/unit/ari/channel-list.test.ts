import { describe, expect, it } from 'vitest'
import { readSnapshot } from '../../../src/ari/channel-list.js'

const now = Date.UTC(2026, 10, 21, 6, 21, 30)

/** As Asterisk 22 lists a carrier's call that asks where it shall go. */
function asking(id: string, ageMs: number): object {
  return {
    id,
    name: 'PJSIP/carrier-0000000a',
    state: 'Ring',
    caller: { name: '', number: '+33612345678' },
    connected: { name: '', number: '' },
    creationtime: new Date(now - ageMs).toISOString().replace('Z', '+0000'),
    dialplan: {
      context: 'arrival',
      exten: '+33972100001',
      priority: 3,
      app_name: 'Stasis',
      app_data: 'linekeeper,arrival,allowed',
    },
  }
}

function waitingIn(...channels: object[]): string[] {
  return readSnapshot(channels, now).waiting.flatMap((meaning) =>
    meaning.kind === 'event' && 'leg' in meaning.event ? [meaning.event.leg] : [],
  )
}

describe('the list of channels', () => {
  it('tells who waits, the oldest first', () => {
    const list = [asking('b', 300), asking('a', 900), asking('c', 10)]
    expect(waitingIn(...list)).toEqual(['a', 'b', 'c'])
  })

  it('leaves to the dialplan what it is about to take back', () => {
    expect(waitingIn(asking('a', 1_990), asking('b', 1_800))).toEqual([])
    // Its first question is long over: this is another one.
    expect(waitingIn(asking('a', 9_000))).toEqual(['a'])
  })
})

describe('whether the dialplan lets in calls by itself', () => {
  const on = (context: string, exten: string, state: string): object => ({
    ...asking('a', 900),
    ...{ state, dialplan: { context, exten, priority: 1, app_name: 'Dial' } },
  })

  it.each([
    ['a call that asks', asking('a', 900), undefined],
    ['a question that is taken back', asking('a', 1_990), true],
    ['the end of its two seconds', on('arrival', 'T', 'Ring'), true],
    ['a call that rings there', on('degraded-line', '0033972100002', 'Ring'), true],
    ['one that has been answered', on('degraded-line', '0033972100002', 'Up'), undefined],
    ['a call that we let ring', on('ring', '0033972100002*60*0', 'Ring'), undefined],
  ])('%s: %s', (_what, channel, degraded) => {
    expect(readSnapshot([channel], now).degraded).toBe(degraded)
  })
})

const [alice, bob] = ['0033972100001', '0033972100002']

/** Two legs of one call, as Asterisk 22 lists them: one dials `dials`, the other is rung. */
function call(
  { endpoint, number }: { endpoint: string; number: string },
  { context, exten, dials }: { context: string; exten: string; dials: string },
): object[] {
  const creationtime = new Date(now).toISOString()
  const calling = { app_name: 'Dial', app_data: dials }
  const called = { app_name: 'AppDial', app_data: '(Outgoing Line)' }
  return [
    {
      ...{ id: 'calls', name: `PJSIP/${endpoint}-00000000`, state: 'Up', creationtime },
      caller: { number },
      connected: { number: '' },
      dialplan: { context, exten, ...calling },
    },
    {
      ...{ id: 'rung', name: `PJSIP/${bob}-00000001`, state: 'Up', creationtime },
      caller: { number: bob },
      connected: { number },
      dialplan: { context: 'from-line', exten: '', ...called },
    },
  ]
}

describe('the other party of a leg that is found', () => {
  const dials = `PJSIP/${bob},60,i`
  const atContact = `PJSIP/${bob}/sip:bob@127.0.0.9:5062;ob,60,i`
  const line = { endpoint: alice, number: alice }
  const outside = { endpoint: 'carrier', number: '+33612345678' }
  const rings = { context: 'ring', exten: `${bob}*60*0`, dials }
  const ringsHidden = { ...rings, exten: `${bob}*60*0h`, dials: `${dials}b(called^0h^1)` }
  const speaks = { context: 'intercom', exten: `${bob}*60`, dials }

  it.each([
    ['of a line that calls a line', line, rings, alice],
    ['of a carrier that calls a line', outside, rings, '+33612345678'],
    ['of a line called at its contact', line, { ...rings, dials: atContact }, alice],
    ['of who hides', line, ringsHidden, undefined],
    ['of who hides from a carrier', outside, ringsHidden, undefined],
    ['of intercom', line, speaks, alice],
    ['of intercom by who hides', line, { ...speaks, exten: `${bob}*60*h` }, undefined],
    [
      'without the controller',
      line,
      { context: 'degraded-line', exten: bob, dials },
      alice,
    ],
    [
      'without the controller, of who hides',
      line,
      { context: 'degraded-line', exten: bob, dials: `${dials}b(called^0h^1)` },
      undefined,
    ],
    [
      'given back by a transfer',
      outside,
      { context: 'recall', exten: `${bob}*60`, dials },
      undefined,
    ],
    ['of a name', { endpoint: 'carrier', number: 'anonymous' }, rings, undefined],
  ])('%s', (_what, caller, way, expected) => {
    const { legs } = readSnapshot(call(caller, way), now)
    expect(legs.find(({ leg }) => leg === 'rung')?.with).toBe(expected)
    if (caller === line) expect(legs.find(({ leg }) => leg === 'calls')?.with).toBe(bob)
  })

  it('outside is the number that is dialled', () => {
    const way = { context: 'trunk', exten: '+33612345678*carrier*' }
    const [calls] = call(line, { ...way, dials: 'PJSIP/+33612345678@carrier,180,i' })
    expect(readSnapshot([calls], now).legs[0]?.with).toBe('+33612345678')
  })

  it('is not who dials something else', () => {
    const [, rung] = call(outside, rings)
    const [other] = call({ ...outside, number: '+33687654321' }, rings)
    expect(readSnapshot([rung, other], now).legs[0]).not.toHaveProperty('with')
  })
})
