import { TELEPHONE_RATE, type Wav } from './wav.js'

/** What is left of the way to half the new rate, above which sound would come back as noise. */
const PASSES = 0.9
/** The filter's reach on either side, in zero crossings of its sinc. */
const REACH = 24
/** Values kept between two zero crossings: the error lies 60 dB below the sound. */
const STEPS = 1024
/** An eighth of a second of sound: little work, between which calls are decided. */
const BLOCK = TELEPHONE_RATE / 8

/** A sinc under Blackman's window, from its middle to its end. */
const FILTER = Float32Array.from({ length: REACH * STEPS + 1 }, (_, at) => {
  const x = Math.PI * (at / STEPS)
  const turn = x / REACH
  const window = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn)
  return window * (at === 0 ? 1 : Math.sin(x) / x)
})

/**
 * The sound as a telephone has it: 8000 samples of 16 bits a second, one channel. Comes in
 * blocks, so that whoever asks does other things in between. What is so already stays as it is.
 */
export function* telephoneSound(wav: Wav): Generator<Buffer> {
  const { rate, frames } = wav
  const total = Math.floor((frames * TELEPHONE_RATE) / rate)
  const scale = rate === TELEPHONE_RATE ? 1 : (PASSES * TELEPHONE_RATE) / rate
  const reach = REACH / scale
  const mono = new Float32Array(frames)
  let decoded = 0
  for (let from = 0; from < total; from += BLOCK) {
    const count = Math.min(BLOCK, total - from)
    const needed = Math.ceil(((from + count) * rate) / TELEPHONE_RATE + reach)
    for (; decoded < Math.min(frames, needed); decoded += 1) {
      mono[decoded] = frameAt(wav, decoded)
    }
    const block = Buffer.alloc(count * 2)
    for (let at = 0; at < count; at += 1) {
      const middle = ((from + at) * rate) / TELEPHONE_RATE
      block.writeInt16LE(asSample(filtered(mono, middle, reach, scale)), at * 2)
    }
    yield block
  }
}

function filtered(
  mono: Float32Array,
  middle: number,
  reach: number,
  scale: number,
): number {
  const last = Math.min(mono.length - 1, Math.floor(middle + reach))
  let sum = 0
  for (let at = Math.max(0, Math.ceil(middle - reach)); at <= last; at += 1) {
    const step = Math.round(Math.abs(at - middle) * scale * STEPS)
    sum += (mono[at] ?? 0) * (FILTER[step] ?? 0)
  }
  return sum * scale
}

/** From −1 to 1; the channels together are one. */
function frameAt({ data, channels, bits }: Wav, frame: number): number {
  const bytes = bits / 8
  let sum = 0
  for (let channel = 0; channel < channels; channel += 1) {
    const at = (frame * channels + channel) * bytes
    sum += bits === 8 ? data.readUInt8(at) - 128 : data.readIntLE(at, bytes)
  }
  return sum / channels / 2 ** (bits - 1)
}

function asSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)))
}
