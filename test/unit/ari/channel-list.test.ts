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
