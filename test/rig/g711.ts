/** ITU-T G.711: one byte of telephone sound as a linear sample of 16 bits. */

export function alawSample(byte: number): number {
  // Every other bit is inverted on the line.
  const code = byte ^ 0x55
  const exponent = (code >> 4) & 7
  const mantissa = ((code & 0x0f) << 4) + 8
  const size = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1)
  return code & 0x80 ? size : -size
}

export function ulawSample(byte: number): number {
  const code = ~byte & 0xff
  const size = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
  return code & 0x80 ? -size : size
}
