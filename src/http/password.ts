import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { Semaphore } from 'async-mutex'
import type { Secret } from '../model/secret.js'

/** How hard a guess is made: CPU and memory are about N·r·128 bytes, p times over. */
export interface Cost {
  readonly n: number
  readonly r: number
  readonly p: number
}

/** OWASP's figures for scrypt with 32 MiB: about a quarter of a second here. */
export const COST: Cost = { n: 2 ** 15, r: 8, p: 3 }

const KEY_BYTES = 32
/** Hashing is done beside the calls, on a machine that has other work. */
const atATime = new Semaphore(2)

/** `scrypt$N$r$p$salt$key`; the cost is kept with it, so that it may rise later. */
export async function hashPassword(password: Secret, cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  const { n, r, p } = cost
  return ['scrypt', n, r, p, salt.toString('base64url'), key.toString('base64url')].join(
    '$',
  )
}

/** In constant time. Throws when the hash is none of ours. */
export async function passwordMatches(password: Secret, hash: string): Promise<boolean> {
  const [kind, n, r, p, salt = '', wanted = ''] = hash.split('$')
  if (kind !== 'scrypt') throw new Error(`passwordMatches: a hash of kind ${kind}`)
  const cost = { n: Number(n), r: Number(r), p: Number(p) }
  const key = await derive(password, Buffer.from(salt, 'base64url'), cost)
  return timingSafeEqual(key, Buffer.from(wanted, 'base64url'))
}

function derive(password: Secret, salt: Buffer, { n, r, p }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N: n, r, p, maxmem: 256 * n * r }
  return atATime.runExclusive(
    () =>
      new Promise((resolve, reject) => {
        // One spelling for what looks the same, whatever the keyboard sends.
        const text = password.reveal().normalize('NFC')
        scrypt(text, salt, KEY_BYTES, options, (error, key) => {
          if (error) reject(error)
          else resolve(key)
        })
      }),
  )
}
