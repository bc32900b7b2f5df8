import { telephoneRate } from './tone.js'

const headerBytes = 44

/** A WAV file of one channel and 16 bits. */
export function wavOf(samples: Int16Array, rate = telephoneRate): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const header = Buffer.alloc(headerBytes)
  header.write('RIFF', 0)
  header.writeUInt32LE(headerBytes - 8 + data.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data])
}

/**
 * The samples of a WAV file of one channel and 16 bits that may still be written: its
 * header then says nothing of its length, so everything after `data` counts.
 */
export function samplesOf(wav: Buffer): { rate: number; samples: Int16Array } {
  const format = wav.indexOf('fmt ')
  const data = wav.indexOf('data')
  if (format < 0 || data < 0) return { rate: telephoneRate, samples: new Int16Array() }
  const channels = wav.readUInt16LE(format + 10)
  const bits = wav.readUInt16LE(format + 22)
  if (channels !== 1 || bits !== 16) {
    throw new Error(`samplesOf: ${channels} channels of ${bits} bits, not one of 16`)
  }
  const bytes = wav.subarray(data + 8)
  const samples = new Int16Array(Math.floor(bytes.length / 2))
  for (let index = 0; index < samples.length; index++) {
    samples[index] = bytes.readInt16LE(index * 2)
  }
  return { rate: wav.readUInt32LE(format + 12), samples }
}
