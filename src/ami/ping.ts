import type { Ami } from './ami.js'

/** Fails unless Asterisk's manager answers in time. Needs no class. */
export async function ping(ami: Ami): Promise<void> {
  await ami.send({ Action: 'Ping' })
}
