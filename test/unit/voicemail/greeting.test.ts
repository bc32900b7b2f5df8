import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGreeting } from '../../../src/voicemail/greeting.js'
import { telephoneSound } from '../../../src/voicemail/telephone-sound.js'
import { readWav, telephoneWav } from '../../../src/voicemail/wav.js'
import { slowness } from '../../rig/slowness.js'
import { hears, tone, toneLevel } from '../../rig/tone.js'
import { samplesOf, wavOf } from '../../rig/wav.js'
import { chunk, riff, toneOf, type WavShape, wavFile } from './wav-file.js'

/** What is wrong with a file. */
function codesOf(bytes: Buffer): string[] {
  const read = readGreeting(bytes)
  return read.kind === 'refused' ? read.findings.map(({ code }) => code) : []
}

/** A file as Asterisk gets it. */
function converted(bytes: Buffer): Int16Array {
  const read = readGreeting(bytes)
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.findings))
  return samplesOf(telephoneWav([...telephoneSound(read.wav)])).samples
}

const second = toneOf(700, 8_000, 1)
const bare = wavFile(second)
const odd = chunk('LIST', Buffer.from('INFOISFT\u0003\0\0\0sox'))

describe('a greeting as phones and computers make it', () => {
  it.each<[string, WavShape]>([
    ['8 kHz mono of 16 bits', {}],
    ['8 kHz of 8 bits', { bits: 8 }],
    ['11.025 kHz of 8 bits', { bits: 8, rate: 11_025 }],
    ['16 kHz, as wideband phones record', { rate: 16_000 }],
    ['22.05 kHz stereo', { rate: 22_050, channels: 2 }],
    ['44.1 kHz stereo, as on a CD', { rate: 44_100, channels: 2 }],
    ['48 kHz of 24 bits', { rate: 48_000, bits: 24 }],
    ['48 kHz stereo of 24 bits, extensible', { ...stereo24(), extensible: true }],
    ['a rate of nobody', { rate: 12_347 }],
  ])('%s is the same sound', (_what, shape) => {
    const samples = converted(wavFile(toneOf(700, shape.rate ?? 8_000, 1), shape))
    expect(samples).toHaveLength(8_000)
    expect(hears(samples, 700, { seconds: 0.8 })).toBe(true)
    const level = toneLevel(samples.subarray(1_000, 7_000), 8_000, 700)
    expect(level).toBeGreaterThan(0.38)
    expect(level).toBeLessThan(0.42)
  })

  it('8 kHz mono of 16 bits stays what it is, sample by sample', () => {
    const samples = tone(700, 1)
    expect(converted(wavOf(samples))).toEqual(samples)
    const loud = Int16Array.from({ length: 8_000 }, (_, at) =>
      at % 2 ? 32_767 : -32_768,
    )
    expect(converted(wavOf(loud))).toEqual(loud)
  })

  it('what a telephone cannot carry is gone, and does not come back as noise', () => {
    const samples = converted(wavFile(toneOf(5_500, 44_100, 1), { rate: 44_100 }))
    expect(Math.max(...samples.subarray(500, 7_500).map(Math.abs))).toBeLessThan(100)
  })

  it('loud sound is cut at the loudest, and does not turn over', () => {
    const sound = Array.from({ length: 48_000 }, (_, at) => (at % 96 < 48 ? 1 : -1))
    const samples = converted(wavFile(sound, { rate: 48_000 }))
    expect(Math.max(...samples)).toBe(32_767)
    expect(toneLevel(samples.subarray(1_000, 7_000), 8_000, 500)).toBeGreaterThan(1)
  })

  it.each<[string, Buffer]>([
    ['other chunks, an odd one among them', wavFile(second, { between: [odd, odd] })],
    ['a size that was not known', wavFile(second, { dataSize: 0xffff_ffff })],
    ['a size that sox did not know', wavFile(second, { dataSize: 0x7fff_f000 })],
    ['something behind the sound', Buffer.concat([bare, chunk('id3 ', odd)])],
    ['half a frame at its end', riff(...partsOf(bare, 16_001))],
  ])('%s is passed over', (_what, bytes) => {
    expect(converted(bytes)).toHaveLength(8_000)
  })
})

describe('H19 a file that is no greeting', () => {
  it.each<[string, Buffer, string[]]>([
    ['zero bytes', Buffer.alloc(0), ['sound.format']],
    ['one byte', Buffer.from('R'), ['sound.format']],
    ['HTML', Buffer.from('<html><script>alert(1)</script>'), ['sound.format']],
    ['a program', Buffer.from('<?php system($_GET[0]); ?>'), ['sound.format']],
    ['MP3', Buffer.from('ID3\u0003\0\0\0\0\0\u000fTSSE'), ['sound.format']],
    ['big-endian', Buffer.from('RIFX\0\0\0\0WAVE'), ['sound.format']],
    ['another RIFF', Buffer.from('RIFF\u0004\0\0\0AVI '), ['sound.format']],
    ['a head alone', riff(), ['sound.format']],
    ['no format', riff(chunk('data', Buffer.alloc(9_000))), ['sound.format']],
    ['no sound', bare.subarray(0, 36), ['sound.format']],
    ['the sound first', riff(...[...partsOf(bare)].reverse()), ['sound.format']],
    [
      'half a format',
      riff(chunk('fmt ', Buffer.alloc(8)), chunk('data', Buffer.alloc(9_000))),
      ['sound.format'],
    ],
    ['zero channels', wavFile(second, { channels: 0 }), ['sound.encoding']],
    ['65,535 channels', wavFile([0], { channels: 65_535 }), ['sound.encoding']],
    ['zero bits', wavFile(second, { bits: 0 }), ['sound.encoding']],
    ['32 bits', wavFile(second, { bits: 32 }), ['sound.encoding']],
    ['no rate', wavFile(second, { rate: 0 }), ['sound.encoding']],
    ['a huge rate', wavFile(second, { rate: 0xffff_ffff }), ['sound.encoding']],
    ['A-law', wavFile(second, { encoding: 6, bits: 8 }), ['sound.encoding']],
    ['MP3 in a WAV', wavFile(second, { encoding: 0x55 }), ['sound.encoding']],
    [
      'an extension that is none',
      riff(chunk('fmt ', extensibleHead()), chunk('data', Buffer.alloc(9_000))),
      ['sound.encoding'],
    ],
    ['frames of zero bytes', wavFile(second, { frameBytes: 0 }), ['sound.format']],
    ['frames of 5 bytes', wavFile(second, { frameBytes: 5 }), ['sound.format']],
    ['a size that lies', wavFile(second, { dataSize: 99_999 }), ['sound.cut']],
    ['the sound cut off', bare.subarray(0, 9_000), ['sound.cut']],
    [
      'two mistakes at once',
      wavFile(second, { rate: 192_000, dataSize: 99_999 }),
      ['sound.encoding', 'sound.cut'],
    ],
    ['no sound in it', wavFile([]), ['sound.length']],
    ['a click', wavFile(second.slice(0, 3_000)), ['sound.length']],
    ['20 minutes', riff(...partsOf(bare, 1_200 * 16_000)), ['sound.length']],
    ['two minutes and a bit', riff(...partsOf(bare, 1_920_002)), ['sound.length']],
  ])('%s is refused', (_what, bytes, codes) => {
    expect(codesOf(bytes)).toEqual(codes)
  })

  it('HTML within a sound does not come out of it again', () => {
    const hidden = Buffer.from('<script>alert(1)</script>')
    const bytes = wavFile(second, { between: [chunk('note', hidden)] })
    const read = readWav(bytes)
    if (read.kind !== 'read') throw new Error('it is a WAV file')
    expect(telephoneWav([...telephoneSound(read.wav)]).includes('script')).toBe(false)
  })

  it('a million chunks of nothing hold nobody up', () => {
    const began = performance.now()
    const empty = Buffer.alloc(8 * 1_000_000)
    expect(codesOf(riff(empty))).toEqual(['sound.format'])
    expect(performance.now() - began).toBeLessThan(250 * slowness())
  })

  it('any bytes, and any damage to a file, are read or refused', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 43 }), fc.nat({ max: 255 })), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(damage, fc.nat({ max: bare.length }), (changes, length) => {
        const bytes = Buffer.from(bare.subarray(0, length))
        for (const [at, value] of changes) if (at < length) bytes[at] = value
        const read = readGreeting(bytes)
        if (read.kind === 'refused') expect(read.findings).not.toEqual([])
        else expect([...telephoneSound(read.wav)].length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })
})

function stereo24(): WavShape {
  return { rate: 48_000, channels: 2, bits: 24 }
}

/** The format and the sound of a file, the sound with so many bytes. */
function partsOf(wav: Buffer, bytes = 16_000): Buffer[] {
  const sound = Buffer.alloc(bytes)
  wav.copy(sound, 0, 44)
  return [wav.subarray(12, 36), chunk('data', sound)]
}

/** Says that the encoding is named further on, where there is nothing. */
function extensibleHead(): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt16LE(0xfffe, 0)
  head.writeUInt16LE(1, 2)
  head.writeUInt32LE(8_000, 4)
  head.writeUInt16LE(2, 12)
  head.writeUInt16LE(16, 14)
  return head
}
