/** One UDP datagram of a capture file. */
export type Datagram = {
  /** When it was seen, in milliseconds since 1970. */
  atMs: number
  from: string
  fromPort: number
  to: string
  toPort: number
  payload: Buffer
}

const fileHeaderBytes = 24
const recordHeaderBytes = 16
const ethernetBytes = 14

/** The UDP datagrams of a pcap file; one that is still being written may end anywhere. */
export function datagramsOf(file: Buffer): Datagram[] {
  const datagrams: Datagram[] = []
  let offset = fileHeaderBytes
  while (offset + recordHeaderBytes <= file.length) {
    const seconds = file.readUInt32LE(offset)
    const microseconds = file.readUInt32LE(offset + 4)
    const length = file.readUInt32LE(offset + 8)
    const start = offset + recordHeaderBytes
    if (start + length > file.length) break
    const frame = file.subarray(start, start + length)
    const datagram = datagramOf(frame, seconds * 1000 + microseconds / 1000)
    if (datagram) datagrams.push(datagram)
    offset = start + length
  }
  return datagrams
}

/** An Ethernet frame (the loopback device makes them too) with IPv4 and UDP in it. */
function datagramOf(frame: Buffer, atMs: number): Datagram | undefined {
  const ip = frame.subarray(ethernetBytes)
  if (ip.length < 28 || ip.readUInt8(0) >> 4 !== 4 || ip.readUInt8(9) !== 17) return
  const udp = ip.subarray((ip.readUInt8(0) & 0x0f) * 4)
  if (udp.length < 8) return
  return {
    atMs,
    from: ip.subarray(12, 16).join('.'),
    fromPort: udp.readUInt16BE(0),
    to: ip.subarray(16, 20).join('.'),
    toPort: udp.readUInt16BE(2),
    payload: udp.subarray(8, udp.readUInt16BE(4)),
  }
}
