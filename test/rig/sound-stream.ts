import { alawSample, ulawSample } from './g711.js'
import type { Datagram } from './pcap.js'
import { telephoneRate } from './tone.js'

/** The sound that one RTP stream brought to one port, with its silences. */
export type SoundStream = {
  /** The port it came to: each call of a phone has its own. */
  port: number
  /** When its first packet came, in milliseconds since 1970. */
  sinceMs: number
  samples: Int16Array
}

const decoders: Record<number, (byte: number) => number> = {
  0: ulawSample,
  8: alawSample,
}

/** A pause longer than this is one; a shorter one is the sender's jitter. */
const pauseMs = 60
const samplesPerMs = telephoneRate / 1000

/** The streams of G.711 in a capture, by the port they came to, in order of their start. */
export function soundStreams(datagrams: Datagram[]): SoundStream[] {
  const byPort = new Map<number, { atMs: number; sound: Int16Array }[]>()
  for (const { atMs, toPort, payload } of datagrams) {
    const sound = soundOf(payload)
    if (!sound) continue
    const pieces = byPort.get(toPort) ?? []
    pieces.push({ atMs, sound })
    byPort.set(toPort, pieces)
  }
  return [...byPort].map(([port, pieces]) => stream(port, pieces))
}

/** The samples of one RTP packet; undefined for RTCP, telephone events and noise. */
function soundOf(packet: Buffer): Int16Array | undefined {
  if (packet.length <= 12 || packet.readUInt8(0) >> 6 !== 2) return undefined
  const decode = decoders[packet.readUInt8(1) & 0x7f]
  if (!decode) return undefined
  const contributors = packet.readUInt8(0) & 0x0f
  return Int16Array.from(packet.subarray(12 + 4 * contributors), decode)
}

function stream(
  port: number,
  pieces: { atMs: number; sound: Int16Array }[],
): SoundStream {
  const sinceMs = pieces[0]?.atMs ?? 0
  let end = 0
  const placed = pieces.map(({ atMs, sound }) => {
    const arrived = Math.round((atMs - sinceMs) * samplesPerMs)
    const start = arrived - end > pauseMs * samplesPerMs ? arrived : end
    end = start + sound.length
    return { start, sound }
  })
  const samples = new Int16Array(end)
  for (const { start, sound } of placed) samples.set(sound, start)
  return { port, sinceMs, samples }
}

/** What an ear hears of several streams at once, from a moment on. */
export function mixed(streams: SoundStream[], sinceMs = 0): Int16Array {
  const begin = Math.max(sinceMs, Math.min(...streams.map((stream) => stream.sinceMs)))
  const parts = streams.map((stream) => {
    const offset = Math.round((stream.sinceMs - begin) * samplesPerMs)
    return { offset, samples: stream.samples }
  })
  const ends = parts.map(({ offset, samples }) => offset + samples.length)
  const sum = new Int16Array(Math.max(0, ...ends))
  for (const { offset, samples } of parts) {
    for (let index = Math.max(0, -offset); index < samples.length; index++) {
      const both = (sum[offset + index] ?? 0) + (samples[index] ?? 0)
      sum[offset + index] = Math.max(-32768, Math.min(32767, both))
    }
  }
  return sum
}
