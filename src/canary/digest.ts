import { createHash, randomBytes } from 'node:crypto'
import type { Secret } from '../model/secret.js'

/** The answer to a challenge (RFC 7616, RFC 8760): MD5 or SHA-256, with `qop=auth`. */
export function authorization(
  challenge: string,
  {
    user,
    password,
    method,
    uri,
  }: {
    readonly user: string
    readonly password: Secret
    readonly method: string
    readonly uri: string
  },
): string {
  const given = (name: string): string | undefined =>
    new RegExp(`\\b${name}=(?:"([^"]*)"|([^,\\s]+))`, 'i')
      .exec(challenge)
      ?.slice(1)
      .find(Boolean)
  const realm = given('realm') ?? ''
  const nonce = given('nonce') ?? ''
  const algorithm = given('algorithm') ?? 'MD5'
  const name = algorithm.toUpperCase() === 'SHA-256' ? 'sha256' : 'md5'
  const hash = (text: string): string => createHash(name).update(text).digest('hex')
  const cnonce = randomBytes(8).toString('hex')
  const secret = hash(`${user}:${realm}:${password.reveal()}`)
  const asked = hash(`${method}:${uri}`)
  const withQop = given('qop') !== undefined
  const response = withQop
    ? hash(`${secret}:${nonce}:00000001:${cnonce}:auth:${asked}`)
    : hash(`${secret}:${nonce}:${asked}`)
  const fields = [
    ...[`username="${user}"`, `realm="${realm}"`, `nonce="${nonce}"`, `uri="${uri}"`],
    ...[`response="${response}"`, `algorithm=${algorithm}`],
    ...(withQop ? ['qop=auth', 'nc=00000001', `cnonce="${cnonce}"`] : []),
    ...(given('opaque') === undefined ? [] : [`opaque="${given('opaque')}"`]),
  ]
  return `Digest ${fields.join(', ')}`
}
