/** Sound as the tests use it: mono, 16 bits, 8000 samples a second unless said otherwise. */
export const telephoneRate = 8000

/** A pure tone; `level` is its amplitude, 1 the loudest possible. */
export function tone(
  hz: number,
  seconds: number,
  level = 0.3,
  rate = telephoneRate,
): Int16Array {
  const step = (2 * Math.PI * hz) / rate
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, index) =>
    Math.round(32767 * level * Math.sin(step * index)),
  )
}

/**
 * The amplitude (0 to 1) of one frequency in the samples: Goertzel's filter under a Hann
 * window, which keeps a loud neighbour from leaking in. Tells apart what is more than
 * 2.5 ÷ duration away: 25 Hz for 100 ms.
 */
export function toneLevel(samples: Int16Array, rate: number, hz: number): number {
  const count = samples.length
  if (count < 2) return 0
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate)
  let before = 0
  let beforeThat = 0
  for (const [index, sample] of samples.entries()) {
    const hann = 1 - Math.cos((2 * Math.PI * index) / (count - 1))
    const now = (sample / 32768) * hann + coefficient * before - beforeThat
    beforeThat = before
    before = now
  }
  const power =
    before * before + beforeThat * beforeThat - coefficient * before * beforeThat
  return (2 * Math.sqrt(Math.max(0, power))) / count
}

const windowSeconds = 0.1
const hopSeconds = 0.02
/** −40 dB: above the noise of G.711, below any tone that a person is meant to hear. */
const audible = 0.01
/** Speech and noise fill the neighbourhood of a frequency; a tone stands out of it. */
const neighbourHz = 30
const standsOut = 3

export type Stretch = { fromSeconds: number; toSeconds: number }

/** When the tone is heard: stretches without a gap, in order. */
export function toneStretches(
  samples: Int16Array,
  hz: number,
  rate = telephoneRate,
): Stretch[] {
  const size = Math.round(windowSeconds * rate)
  const hop = Math.round(hopSeconds * rate)
  const stretches: Stretch[] = []
  let open: Stretch | undefined
  for (let start = 0; start + size <= samples.length; start += hop) {
    if (!isTone(samples.subarray(start, start + size), rate, hz)) {
      open = undefined
      continue
    }
    // A window that the tone fills by half is already audible: count its middle only.
    const middle = (start + size / 2) / rate
    if (!open) {
      open = { fromSeconds: middle, toSeconds: middle }
      stretches.push(open)
    }
    open.toSeconds = middle
  }
  return stretches
}

function isTone(samples: Int16Array, rate: number, hz: number): boolean {
  const level = toneLevel(samples, rate, hz)
  if (level < audible) return false
  return [hz - neighbourHz, hz + neighbourHz].every(
    (neighbour) => level > standsOut * toneLevel(samples, rate, neighbour),
  )
}

/** Whether the tone is heard for at least so long without a gap, give or take 40 ms. */
export function hears(
  samples: Int16Array,
  hz: number,
  options: { seconds?: number; rate?: number } = {},
): boolean {
  const { seconds = 0.2, rate = telephoneRate } = options
  return toneStretches(samples, hz, rate).some(
    ({ fromSeconds, toSeconds }) => toSeconds - fromSeconds >= seconds - 0.04,
  )
}

/** Whether nothing at all is heard: no sample above −40 dB. */
export function isSilent(samples: Int16Array): boolean {
  return samples.every((sample) => Math.abs(sample) < audible * 32768)
}
