import { setTimeout as pause } from 'node:timers/promises'
import type { Ami } from './ami.js'
import { AmiError } from './ami-error.js'
import { contacts } from './endpoints.js'

/**
 * Asks every phone of which Asterisk does not know yet whether it is there. After its
 * start Asterisk asks each at a random moment of the next minute, and takes it for
 * unreachable until then: every call to it would be forwarded or refused. Class `system`.
 */
export async function askPhones(ami: Ami): Promise<void> {
  for (const { waitMs, known } of ROUNDS) {
    await pause(waitMs, undefined, { ref: false })
    if (!ami.connected) return
    await askOthers(ami, known).catch(ignoreRefusal)
  }
}

/**
 * AMI answers before PJSIP has read its contacts, or is there: a first list is empty, or
 * refused. What was asked too early gets no answer, and is given up after 3 s: the last
 * round asks those once more.
 */
const ROUNDS = [
  ...[0, 500, 1_000, 2_000].map((waitMs) => ({
    waitMs,
    known: ['Reachable', 'Unreachable'],
  })),
  { waitMs: 4_000, known: ['Reachable'] },
]

async function askOthers(ami: Ami, known: readonly string[]): Promise<void> {
  const unknown = (await contacts(ami)).filter(({ status }) => !known.includes(status))
  for (const endpoint of new Set(unknown.map((contact) => contact.endpoint))) {
    await ami.send({ Action: 'PJSIPQualify', Endpoint: endpoint }).catch(ignoreRefusal)
  }
}

/** Asterisk does not know it yet, or not any more: the next round sees what there is. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof AmiError && error.kind === 'refused')) throw error
}
