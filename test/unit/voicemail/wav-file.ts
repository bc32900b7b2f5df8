/** What a WAV file says of its sound, and what of it is not so. */
export interface WavShape {
  readonly encoding?: number
  readonly channels?: number
  readonly rate?: number
  readonly bits?: number
  /** Of a frame. */
  readonly frameBytes?: number
  /** What the chunk of the sound says of its size. */
  readonly dataSize?: number
  /** Chunks between the format and the sound. */
  readonly between?: readonly Buffer[]
  /** WAVEFORMATEXTENSIBLE, as Windows writes 24 bits. */
  readonly extensible?: boolean
}

/** A chunk of RIFF: an odd one is followed by a byte of nothing. */
export function chunk(tag: string, content: Buffer, size = content.length): Buffer {
  const head = Buffer.alloc(8)
  head.write(tag, 0, 'latin1')
  head.writeUInt32LE(size, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
}

export function riff(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks])
  return chunk('RIFF', body)
}

/** A file of `sound`, from −1 to 1, the same in every channel. */
export function wavFile(sound: readonly number[], shape: WavShape = {}): Buffer {
  const { channels = 1, bits = 16, between = [], dataSize } = shape
  const bytes = Math.max(1, Math.min(6, Math.ceil(bits / 8)))
  const data = Buffer.alloc(sound.length * channels * bytes)
  for (const [frame, value] of sound.entries()) {
    for (let channel = 0; channel < channels; channel += 1) {
      const at = (frame * channels + channel) * bytes
      if (bytes === 1) data.writeUInt8(128 + Math.round(value * 127), at)
      else data.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, bytes)
    }
  }
  return riff(formatChunk(shape), ...between, chunk('data', data, dataSize))
}

/** A tone, and so many seconds of it. */
export function toneOf(hz: number, rate: number, seconds: number, level = 0.4): number[] {
  return Array.from(
    { length: Math.round(rate * seconds) },
    (_, at) => level * Math.sin((2 * Math.PI * hz * at) / rate),
  )
}

function formatChunk(shape: WavShape): Buffer {
  const { encoding = 1, channels = 1, rate = 8_000, bits = 16 } = shape
  const { frameBytes = (channels * bits) / 8, extensible = false } = shape
  const format = Buffer.alloc(extensible ? 40 : 16)
  format.writeUInt16LE(extensible ? 0xfffe : encoding, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(rate, 4)
  format.writeUInt32LE((rate * frameBytes) % 2 ** 32, 8)
  format.writeUInt16LE(frameBytes % 2 ** 16, 12)
  format.writeUInt16LE(bits, 14)
  if (extensible) {
    format.writeUInt16LE(22, 16)
    format.writeUInt16LE(encoding, 24)
  }
  return chunk('fmt ', format)
}
