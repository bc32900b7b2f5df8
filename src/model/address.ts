import { z } from 'zod'

/** An IPv4 address and a port, written `127.0.0.1:5060`. */
export interface Address {
  readonly host: string
  readonly port: number
}

const ADDRESS = /^((?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}):(\d{1,5})$/

export const Address = z
  .string()
  .regex(ADDRESS, 'an IPv4 address and a port, like 127.0.0.1:5060')
  .refine((text) => Number(text.split(':')[1]) <= 65535, 'a port is at most 65535')
  .transform((text): Address => {
    const [host = '', port = ''] = text.split(':')
    return { host, port: Number(port) }
  })
  .meta({ id: 'Address' })
