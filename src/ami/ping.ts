import type { Requests } from './requests.js'

/** Fails unless Asterisk's manager answers in time. Needs no class. */
export async function ping(ami: Requests): Promise<void> {
  await ami.send({ Action: 'Ping' })
}
