import { describe, expect, it } from 'vitest'
import { percentile, spread } from '../../bench/percentile.js'
import { compare, countedRounds, type Measured } from '../../bench/rounds.js'
import { sipDelays } from '../../bench/sip-delays.js'
import type { Datagram } from '../../rig/pcap.js'

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  it.each<[number, readonly number[], number]>([
    [0.5, [3, 1, 2], 2],
    [0.5, [4, 1, 3, 2], 2],
    [0.99, hundred, 99],
    [1, hundred, 100],
    [0.01, hundred, 1],
    [0.99, [7], 7],
  ])('%d of %j', (share, values, expected) => {
    expect(percentile(values, share)).toBe(expected)
  })

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN()
  })

  it('a spread names the middle and both ends', () => {
    expect(spread([1.3, 1.1, 1.2])).toEqual({ median: 1.2, lowest: 1.1, highest: 1.3 })
  })
})

describe('sipDelays', () => {
  it('pairs each INVITE with its first 180 and 200', () => {
    const delays = sipDelays(
      [
        sip(0, 'INVITE sip:b', 'warm-up'),
        sip(1500, 'INVITE sip:b', 'one'),
        sip(1501, 'SIP/2.0 100 Trying', 'one'),
        sip(1502, 'SIP/2.0 180 Ringing', 'one'),
        sip(1504, 'SIP/2.0 180 Ringing', 'one'),
        sip(1505, 'SIP/2.0 200 OK', 'one'),
        sip(1600, 'SIP/2.0 200 OK', 'one', 'BYE'),
        sip(1700, 'INVITE sip:b', 'two'),
        sip(2200, 'INVITE sip:b', 'two'),
        sip(9999, 'SIP/2.0 200 OK', 'never asked'),
      ],
      1000,
    )
    expect(delays).toEqual({
      calls: 2,
      answered: 1,
      retransmitted: 1,
      ringing: [2],
      answer: [5],
    })
  })
})

describe('rounds', () => {
  it('are compared with the plain Dial of their own round', () => {
    const compared = compare([
      [run('plain', 4, 10), run('linekeeper', 5, 12)],
      [run('plain', 8, 20), run('linekeeper', 12, 21)],
      [run('plain', 4, 10), run('linekeeper', 6, 14)],
    ])
    expect(compared).toMatchObject([
      { variant: 'plain', cpuRatio: { median: 1, lowest: 1, highest: 1 } },
      {
        variant: 'linekeeper',
        cpuRatio: { median: 1.5, lowest: 1.25, highest: 1.5 },
        addedP50: { median: 2, lowest: 1, highest: 4 },
      },
    ])
  })

  it.each<[string, number[], number, number]>([
    ['only the quiet ones count', [0.01, 0.5, 0.02], 2, 2],
    ['the least noisy are taken when too few are quiet', [0.3, 0.5, 0.02], 1, 2],
  ])('%s', (_what, noise, quiet, counted) => {
    const rounds = noise.map((others) => [{ ...run('plain', 4, 10), others }])
    const found = countedRounds(rounds, { wanted: 2, most: 0.1 })
    expect(found.quiet).toBe(quiet)
    expect(found.counted).toHaveLength(counted)
    expect(found.counted.flat().every(({ others }) => others < 0.5)).toBe(true)
  })
})

function sip(atMs: number, first: string, id: string, method = 'INVITE'): Datagram {
  const text = `${first}\r\nCall-ID: ${id}\r\nCSeq: 1 ${method}\r\n\r\n`
  const ends = { from: '127.0.0.2', fromPort: 5061, to: '127.0.0.1', toPort: 5060 }
  return { atMs, ...ends, payload: Buffer.from(text) }
}

function run(variant: Measured['variant'], cpuMs: number, p50: number): Measured {
  return {
    variant,
    callsPerSecond: 60,
    calls: 100,
    unanswered: 0,
    retransmitted: 0,
    ringing: { p50, p99: p50 },
    answer: { p50, p99: p50 },
    cpu: { asterisk: cpuMs, node: 0 },
    busy: 0.5,
    others: 0,
  }
}
