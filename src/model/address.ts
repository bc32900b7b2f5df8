import { z } from 'zod'
import { breaks } from './finding-codes.js'

/** An IPv4 address and a port, written `127.0.0.1:5060`. */
export interface Address {
  readonly host: string
  readonly port: number
}

const ADDRESS =
  /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}:[1-9]\d{0,4}$/

export const Address = z
  .string(breaks('address.format'))
  .regex(ADDRESS, { ...breaks('address.format'), abort: true })
  .refine((text) => Number(text.split(':')[1]) <= 65535, breaks('address.format'))
  .transform((text): Address => {
    const [host = '', port = ''] = text.split(':')
    // Leading zeros are dropped, so that one address has one spelling.
    return { host: host.split('.').map(Number).join('.'), port: Number(port) }
  })
  .meta({ description: 'IPv4 address and port, like 127.0.0.1:5060' })

/** The UDP ports of the media, written `10000-10999`. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

export const PortRange = z
  .string(breaks('rtp.range'))
  .regex(/^\d{4,5}-\d{4,5}$/, { ...breaks('rtp.range'), abort: true })
  .transform((text): PortRange => {
    const [from = 0, to = 0] = text.split('-').map(Number)
    return { from, to }
  })
  // A call needs two ports, one for RTP and one for RTCP.
  .refine(({ from, to }) => from >= 1024 && to > from && to <= 65535, breaks('rtp.range'))
  .meta({ description: 'UDP ports of the media, like 10000-10999' })

export function printAddress({ host, port }: Address): string {
  return `${host}:${port}`
}

/** Every address of the machine at once. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0'
}

export function isLoopback(host: string): boolean {
  return host.startsWith('127.')
}

/** Reachable from the internet without translation: not RFC 1918, 6598, 3927 or loopback. */
export function isPublic(host: string): boolean {
  const [a = 0, b = 0] = host.split('.').map(Number)
  if (a === 10 || a === 127) return false
  if (a === 172) return b < 16 || b > 31
  if (a === 192) return b !== 168
  if (a === 100) return b < 64 || b > 127
  return a !== 169 || b !== 254
}
