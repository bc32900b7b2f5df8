import { type Finding, finding } from '../model/finding.js'

/** The sound of a WAV file, as its header describes it; all of it is there. */
export interface Wav {
  /** Frames a second: a frame has a sample of each channel. */
  readonly rate: number
  readonly channels: number
  /** Of a sample: 8 (without sign), 16 or 24 (with). */
  readonly bits: number
  readonly frames: number
  readonly data: Buffer
}

export type WavRead =
  | { readonly kind: 'read'; readonly wav: Wav }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

export const TELEPHONE_RATE = 8_000
const MAX_RATE = 48_000
const BITS = [8, 16, 24]

const PCM = 1
/** WAVEFORMATEXTENSIBLE: the encoding proper begins the id further on. */
const EXTENSIBLE = 0xfffe
const EXTENSIBLE_ENCODING_AT = 24
const FORMAT_BYTES = 16
const HEADER_BYTES = 44
/** A program that writes into a pipe knows no size: the largest number, or nearly, stands there. */
const UNKNOWN_SIZE = 0x7fff_0000
/** Programs write a handful; a million would take half a second to pass over. */
const MAX_CHUNKS = 1_000

/**
 * Reads a WAV file (RIFF/WAVE, PCM). Believes no number of the header that the file
 * itself does not bear out; chunks of other kinds are passed over.
 */
export function readWav(bytes: Buffer): WavRead {
  if (tagAt(bytes, 0) !== 'RIFF' || tagAt(bytes, 8) !== 'WAVE') {
    return unreadable(' is no WAV file')
  }
  let format: Buffer | undefined
  for (const { tag, size, content } of chunksOf(bytes)) {
    if (tag === 'fmt ') format ??= content
    if (tag !== 'data') continue
    if (!format) return unreadable(' has its sound before the description of it')
    return soundOf(format, size, content)
  }
  return unreadable(' has no sound')
}

/** A file of one channel, 16 bits and 8000 samples a second: what Asterisk plays to all. */
export function telephoneWav(blocks: readonly Buffer[]): Buffer {
  const bytes = blocks.reduce((sum, { length }) => sum + length, 0)
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(HEADER_BYTES - 8 + bytes, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(FORMAT_BYTES, 16)
  header.writeUInt16LE(PCM, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(TELEPHONE_RATE, 24)
  header.writeUInt32LE(TELEPHONE_RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(bytes, 40)
  return Buffer.concat([header, ...blocks])
}

/** How long a file of `telephoneWav`, or one that Asterisk has recorded, lasts. */
export function telephoneSeconds(fileBytes: number): number {
  return Math.max(0, fileBytes - HEADER_BYTES) / 2 / TELEPHONE_RATE
}

interface Chunk {
  readonly tag: string
  /** As it says; `content` is what is there of it. */
  readonly size: number
  readonly content: Buffer
}

/** Each begins at an even place (RIFF): an odd one is followed by a byte of nothing. */
function* chunksOf(bytes: Buffer): Generator<Chunk> {
  for (let at = 12, left = MAX_CHUNKS; at + 8 <= bytes.length && left > 0; left -= 1) {
    const size = bytes.readUInt32LE(at + 4)
    const begin = at + 8
    yield { tag: tagAt(bytes, at), size, content: bytes.subarray(begin, begin + size) }
    at = begin + size + (size % 2)
  }
}

function soundOf(format: Buffer, size: number, content: Buffer): WavRead {
  if (format.length < FORMAT_BYTES) return unreadable(' does not describe its sound')
  const encoding = encodingIn(format)
  const channels = format.readUInt16LE(2)
  const rate = format.readUInt32LE(4)
  const frameBytes = format.readUInt16LE(12)
  const bits = format.readUInt16LE(14)
  const findings: Finding[] = []
  const refuse = (code: 'sound.encoding' | 'sound.format', why: string) =>
    findings.push(finding(code, [], why))
  if (encoding !== PCM) refuse('sound.encoding', ` holds no PCM (encoding ${encoding})`)
  else if (!BITS.includes(bits)) refuse('sound.encoding', ` has samples of ${bits} bits`)
  else if (channels !== 1 && channels !== 2) {
    refuse('sound.encoding', ` has ${channels} channels`)
  } else if (frameBytes !== (channels * bits) / 8) {
    refuse(
      'sound.format',
      ` says that ${channels} × ${bits} bits are ${frameBytes} bytes`,
    )
  }
  if (rate < TELEPHONE_RATE || rate > MAX_RATE) {
    refuse('sound.encoding', ` has ${rate} samples a second`)
  }
  if (size > content.length && size < UNKNOWN_SIZE) {
    const cut = ` ends after ${content.length} of ${size} bytes of sound`
    findings.push(finding('sound.cut', [], cut))
  }
  if (findings.length > 0) return { kind: 'refused', findings }
  const frames = Math.floor(content.length / frameBytes)
  return { kind: 'read', wav: { rate, channels, bits, frames, data: content } }
}

function encodingIn(format: Buffer): number {
  const encoding = format.readUInt16LE(0)
  const isExtended = encoding === EXTENSIBLE && format.length > EXTENSIBLE_ENCODING_AT + 2
  return isExtended ? format.readUInt16LE(EXTENSIBLE_ENCODING_AT) : encoding
}

function tagAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 4)
}

function unreadable(why: string): WavRead {
  return { kind: 'refused', findings: [finding('sound.format', [], why)] }
}
