import { describe, expect, it } from 'vitest'
import { hears, isSilent, tone, toneLevel, toneStretches } from '../rig/tone.js'
import { samplesOf, wavOf } from '../rig/wav.js'

/** What reaches a phone: several sounds at once. */
function mixed(...sounds: Int16Array[]): Int16Array {
  const length = Math.max(...sounds.map((sound) => sound.length))
  return Int16Array.from({ length }, (_, index) =>
    sounds.reduce((sum, sound) => sum + (sound[index] ?? 0), 0),
  )
}

function sequence(...sounds: Int16Array[]): Int16Array {
  return Int16Array.from(sounds.flatMap((sound) => [...sound]))
}

/** Repeatable noise, as loud as a phone in a noisy room. */
function noise(seconds: number, level: number): Int16Array {
  let state = 12_345
  return Int16Array.from({ length: seconds * 8000 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.round((state / 2 ** 30 - 1) * level * 32767)
  })
}

/** A voice: harmonics of a pitch that glides. */
function voice(seconds: number): Int16Array {
  let phase = 0
  return Int16Array.from({ length: seconds * 8000 }, (_, index) => {
    const pitch = 110 + 25 * Math.sin((2 * Math.PI * 1.5 * index) / 8000)
    phase += (2 * Math.PI * pitch) / 8000
    const harmonics = [1, 2, 3, 4, 5, 6, 7, 8]
    const sum = harmonics.reduce((all, n) => all + Math.sin(n * phase) / n, 0)
    return Math.round(sum * 0.15 * 32767)
  })
}

const silence = (seconds: number): Int16Array => tone(440, seconds, 0)

describe('the level of a tone', () => {
  it.each([0.05, 0.3, 0.9])('is its amplitude, %d', (level) => {
    expect(toneLevel(tone(440, 0.1, level), 8000, 440)).toBeCloseTo(level, 2)
  })

  it('is nothing where there is another tone, or no sound', () => {
    expect(toneLevel(tone(500, 0.1), 8000, 440)).toBeLessThan(0.001)
    expect(toneLevel(silence(0.1), 8000, 440)).toBe(0)
    expect(toneLevel(new Int16Array(), 8000, 440)).toBe(0)
  })
})

describe('a tone is heard', () => {
  it.each<[string, Int16Array, number, boolean]>([
    ['alone', tone(440, 1), 440, true],
    ['as a beep of 300 ms', sequence(silence(1), tone(440, 0.3), silence(1)), 440, true],
    ['over the tone of the other party', mixed(tone(500, 1), tone(440, 1)), 440, true],
    ['faintly over a loud one', mixed(tone(500, 1, 0.8), tone(440, 1, 0.03)), 440, true],
    ['in a noisy room', mixed(noise(1, 0.1), tone(440, 1, 0.1)), 440, true],
    ['while somebody speaks', mixed(voice(1), tone(1000, 1, 0.1)), 1000, true],
    ['not in silence', silence(1), 440, false],
    ['not in nothing', new Int16Array(), 440, false],
    ['not where another tone is', tone(500, 1, 0.9), 440, false],
    ['not where its neighbour is', tone(400, 1, 0.9), 425, false],
    ['not in noise', noise(1, 0.5), 440, false],
    ['not in a voice', voice(3), 440, false],
    ['not when too short', sequence(silence(1), tone(440, 0.08), silence(1)), 440, false],
  ])('%s', (_, samples, hz, heard) => {
    expect(hears(samples, hz)).toBe(heard)
  })

  it('when it begins and ends', () => {
    const beeps = sequence(silence(1), tone(440, 0.3), silence(0.7), tone(440, 0.5))
    const stretches = toneStretches(beeps, 440)
    expect(stretches).toHaveLength(2)
    expect(stretches[0]?.fromSeconds).toBeCloseTo(1, 1)
    expect(stretches[0]?.toSeconds).toBeCloseTo(1.3, 1)
    expect(stretches[1]?.fromSeconds).toBeCloseTo(2, 1)
  })
})

describe('silence', () => {
  it('is told from sound', () => {
    expect(isSilent(silence(1))).toBe(true)
    expect(isSilent(tone(440, 1, 0.05))).toBe(false)
  })
})

describe('a WAV file', () => {
  it('gives back the samples it was made of', () => {
    const samples = tone(440, 0.5)
    expect(samplesOf(wavOf(samples))).toEqual({ rate: 8000, samples })
  })

  it('that is still being written gives what is there', () => {
    const samples = tone(440, 0.5)
    const wav = wavOf(samples)
    wav.writeUInt32LE(0, 40)
    expect(samplesOf(wav.subarray(0, 44 + 201)).samples).toEqual(samples.subarray(0, 100))
    expect(samplesOf(wav.subarray(0, 10)).samples).toHaveLength(0)
  })
})
