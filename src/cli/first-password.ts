import type { Address } from '../model/address.js'
import type { Secret } from '../model/secret.js'

/** What the first start of a state folder says of the portal, on stderr and never again. */
export function firstPasswordText(password: Secret, { host, port }: Address): string {
  return (
    `The portal is at http://${host}:${port}/ Sign in as administrator, password ` +
    `${password.reveal()}\n` +
    'It is shown this once; linekeeper user password administrator sets another.\n'
  )
}
