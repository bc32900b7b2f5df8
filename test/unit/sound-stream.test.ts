import { describe, expect, it } from 'vitest'
import { alawSample, ulawSample } from '../rig/g711.js'
import type { Datagram } from '../rig/pcap.js'
import { datagramsOf } from '../rig/pcap.js'
import type { SoundStream } from '../rig/sound-stream.js'
import { mixed, soundStreams } from '../rig/sound-stream.js'

/** An RTP packet of 20 ms of one A-law or µ-law byte. */
function rtp(type: number, byte: number): Buffer {
  const packet = Buffer.alloc(12 + 160, byte)
  packet.fill(0, 0, 12)
  packet.writeUInt8(0x80, 0)
  packet.writeUInt8(type, 1)
  return packet
}

function datagram(atMs: number, toPort: number, payload: Buffer): Datagram {
  return { atMs, from: '127.0.9.1', fromPort: 10_000, to: '127.0.9.10', toPort, payload }
}

/** A capture file with one packet, as tcpdump writes it. */
function pcap(payload: Buffer): Buffer {
  const udp = Buffer.alloc(8)
  udp.writeUInt16BE(10_000, 0)
  udp.writeUInt16BE(20_000, 2)
  udp.writeUInt16BE(8 + payload.length, 4)
  const ip = Buffer.alloc(20)
  ip.writeUInt8(0x45, 0)
  ip.writeUInt8(17, 9)
  ip.set([127, 0, 9, 1, 127, 0, 9, 10], 12)
  const frame = Buffer.concat([Buffer.alloc(14), ip, udp, payload])
  const record = Buffer.alloc(16)
  record.writeUInt32LE(1000, 0)
  record.writeUInt32LE(500_000, 4)
  record.writeUInt32LE(frame.length, 8)
  return Buffer.concat([Buffer.alloc(24), record, frame])
}

// The ends and the middle of the tables of ITU-T G.711.
describe('G.711', () => {
  it.each([
    [0xd5, 8],
    [0x55, -8],
    [0xaa, 32_256],
    [0x2a, -32_256],
    [0x80, 5504],
  ])('A-law %d is %d', (byte, sample) => {
    expect(alawSample(byte)).toBe(sample)
  })

  it.each([
    [0xff, 0],
    [0x7f, -0],
    [0x80, 32_124],
    [0x00, -32_124],
    [0xf0, 120],
  ])('µ-law %d is %d', (byte, sample) => {
    expect(ulawSample(byte)).toBe(sample)
  })
})

describe('a capture file', () => {
  it('gives its datagrams', () => {
    expect(datagramsOf(pcap(Buffer.from('hello')))).toEqual([
      {
        atMs: 1_000_500,
        from: '127.0.9.1',
        fromPort: 10_000,
        to: '127.0.9.10',
        toPort: 20_000,
        payload: Buffer.from('hello'),
      },
    ])
  })

  it('that is cut off anywhere gives what is whole', () => {
    const file = pcap(Buffer.from('hello'))
    for (let length = 0; length < file.length; length++) {
      expect(datagramsOf(file.subarray(0, length))).toEqual([])
    }
  })
})

describe('the sound of a capture', () => {
  it('keeps its pauses, and smooths the jitter of its packets', () => {
    const sound = [0, 25, 38, 1000].map((at) => datagram(at, 20_000, rtp(8, 0xd5)))
    const [stream] = soundStreams(sound)
    expect(stream).toMatchObject({ port: 20_000, sinceMs: 0 })
    expect(stream?.samples).toHaveLength(8000 + 160)
    expect(stream?.samples.slice(0, 480).every((sample) => sample === 8)).toBe(true)
    expect(stream?.samples.slice(480, 8000).every((sample) => sample === 0)).toBe(true)
  })

  it('is told apart by the port it comes to', () => {
    const sound = [
      datagram(0, 20_000, rtp(8, 0xd5)),
      datagram(5, 20_002, rtp(0, 0x80)),
      datagram(20, 20_000, rtp(8, 0xd5)),
    ]
    const lengths = soundStreams(sound).map(({ port, samples }) => [port, samples.length])
    expect(lengths).toEqual([
      [20_000, 320],
      [20_002, 160],
    ])
  })

  it.each([
    ['a telephone event', rtp(101, 1)],
    ['RTCP', rtp(200, 1)],
    ['something else', Buffer.from('OPTIONS sip:x SIP/2.0')],
    ['nothing', Buffer.alloc(0)],
  ])('is not %s', (_, payload) => {
    expect(soundStreams([datagram(0, 20_000, payload)])).toEqual([])
  })
})

describe('an ear', () => {
  const stream = (sinceMs: number, ...samples: number[]): SoundStream => ({
    port: 20_000,
    sinceMs,
    samples: Int16Array.from(samples),
  })

  it.each<[string, SoundStream[], number | undefined, number[]]>([
    ['hears nothing without a call', [], undefined, []],
    ['hears one call', [stream(1000, 1, 2, 3)], undefined, [1, 2, 3]],
    [
      'hears two calls together',
      [stream(1000, ...Array(10).fill(1)), stream(1001, 5, 5)],
      undefined,
      [1, 1, 1, 1, 1, 1, 1, 1, 6, 6],
    ],
    ['hears from a moment on', [stream(1000, ...Array(10).fill(1))], 1001, [1, 1]],
    ['hears nothing after the end', [stream(1000, 1, 2, 3)], 2000, []],
    ['is not torn', [stream(0, 32_000), stream(0, 32_000)], undefined, [32_767]],
  ])('%s', (_, streams, sinceMs, heard) => {
    expect([...mixed(streams, sinceMs)]).toEqual(heard)
  })
})
