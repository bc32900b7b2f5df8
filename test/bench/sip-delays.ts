import type { Datagram } from '../rig/pcap.js'

/** What a capture on the caller's side says of its calls, in milliseconds. */
export interface SipDelays {
  readonly calls: number
  readonly answered: number
  /** INVITEs sent again because nothing had come back. */
  readonly retransmitted: number
  readonly ringing: readonly number[]
  readonly answer: readonly number[]
}

interface Call {
  readonly invitedMs: number
  ringingMs?: number
  answerMs?: number
}

/**
 * Pairs each INVITE with its first 180 and 200 by Call-ID. SIPp's own clock ticks in 4 ms
 * and is no use for this (performance §8). Calls of the first second warm everything up
 * and are left out.
 */
export function sipDelays(datagrams: readonly Datagram[], skipMs = 1000): SipDelays {
  const calls = new Map<string, Call>()
  let retransmitted = 0
  for (const { payload, atMs } of datagrams) {
    const text = payload.toString('latin1')
    const id = /^(?:Call-ID|i):\s*(\S+)/im.exec(text)?.[1]
    if (id === undefined || !/^CSeq:\s*\d+\s+INVITE/im.test(text)) continue
    const call = calls.get(id)
    if (text.startsWith('INVITE ')) {
      if (call) retransmitted += 1
      else calls.set(id, { invitedMs: atMs })
    } else if (call && text.startsWith('SIP/2.0 180')) {
      call.ringingMs ??= atMs
    } else if (call && text.startsWith('SIP/2.0 200')) {
      call.answerMs ??= atMs
    }
  }
  const began = Math.min(...[...calls.values()].map(({ invitedMs }) => invitedMs))
  const counted = [...calls.values()].filter((call) => call.invitedMs >= began + skipMs)
  const after = (at: (call: Call) => number | undefined): number[] =>
    counted.flatMap((call) => {
      const ms = at(call)
      return ms === undefined ? [] : [ms - call.invitedMs]
    })
  const answer = after(({ answerMs }) => answerMs)
  return {
    calls: counted.length,
    answered: answer.length,
    retransmitted,
    ringing: after(({ ringingMs }) => ringingMs),
    answer,
  }
}
