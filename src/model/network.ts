import { z } from 'zod'
import { breaks } from './finding-codes.js'

const CIDR =
  /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?:\/(?:3[0-2]|[12]?\d))?$/

/** The network an address lies in, printed the one way Asterisk's ACLs read it. */
export function printNetwork(text: string): string {
  const [host = '', prefix = '32'] = text.split('/')
  const bits = Number(prefix)
  const masked = host.split('.').map((part, at) => {
    const kept = Math.min(8, Math.max(0, bits - 8 * at))
    return Number(part) & (0xff << (8 - kept)) & 0xff
  })
  return `${masked.join('.')}/${bits}`
}

/** A network of phones. The SIP listener is IPv4, so an IPv6 network could match nothing. */
export const Network = z
  .string(breaks('cidr'))
  .regex(CIDR, { ...breaks('cidr'), abort: true })
  .transform(printNetwork)
  .meta({ description: 'IPv4 network, like 10.0.0.0/8; a bare address is itself alone' })
