import { join } from 'node:path'
import { AmiError } from '../ami/ami-error.js'
import { type Contact, contacts } from '../ami/endpoints.js'
import type { AmiLink } from '../ami/link.js'
import type { Loop } from '../ari/loop.js'
import type { Session } from '../ari/session.js'
import {
  type ContactFacts,
  type Diagnosis,
  diagnose,
  type Seen,
} from '../call/diagnose.js'
import { explain } from '../call/explain.js'
import { inUse } from '../call/slots.js'
import { notPhones } from '../config/pjsip.js'
import type { Diagnoses } from '../http/getDiagnosis.js'
import { authenticationsOf } from '../instance/security-log.js'
import { mayBeCalledAt, shownContact } from '../model/contact.js'
import type { Site } from '../model/site.js'

export interface DiagnosisParts {
  /** The state folder, in which Asterisk logs. */
  readonly dir: string
  readonly link: AmiLink
  readonly session: Session
  readonly loop: Loop
  readonly site: () => Site
}

/** Gathers what is known of a line and its phone, and lets the core conclude. */
export class DiagnosisDesk implements Diagnoses {
  readonly #parts: DiagnosisParts

  constructor(parts: DiagnosisParts) {
    this.#parts = parts
  }

  async diagnose(number: string, dialled?: string): Promise<Diagnosis | undefined> {
    const { state, directory } = this.#parts.loop
    const line = directory.lines.get(number)
    if (!line) return undefined
    const contact = await this.#contactOf(number)
    const mayBeCalled =
      !contact || mayBeCalledAt(contact.uri, number, notPhones(this.#parts.site()))
    const seen = authenticationsOf(join(this.#parts.dir, 'log'), number)
    const success = seen.find(({ succeeded }) => succeeded)
    const isConnected = this.#parts.session.standing.state === 'connected'
    return diagnose({
      line,
      registered: isConnected ? !state.unreachable.has(number) : undefined,
      contact: contact && contactFacts(contact),
      ...(contact && !mayBeCalled && { misregistered: shownContact(contact.uri) }),
      lastSeen: success && seenOf(success),
      // Before the last success they were slips, and the phone knows better since.
      failures: seen
        .filter(({ succeeded, atMs }) => !succeeded && atMs > (success?.atMs ?? 0))
        .map(seenOf),
      inUse: inUse(state.ledger, number),
      dialled: dialled === undefined ? undefined : this.#dialled(number, dialled),
    })
  }

  #dialled(line: string, dialled: string): { number: string; step: string } {
    const assumed = { inUse: new Map<string, number>(), unreachable: new Set<string>() }
    const from = { kind: 'line', line } as const
    const explained = explain(this.#parts.loop.directory, { from, to: dialled, assumed })
    return { number: dialled, step: explained?.steps[0]?.step ?? 'unknown' }
  }

  async #contactOf(number: string): Promise<Contact | undefined> {
    const { ami } = this.#parts.link
    if (!ami) return undefined
    try {
      return (await contacts(ami)).find(({ endpoint }) => endpoint === number)
    } catch (error) {
      // The rest of the diagnosis is worth having without it.
      if (error instanceof AmiError) return undefined
      throw error
    }
  }
}

function contactFacts({
  uri,
  userAgent,
  expiresAtMs,
  roundTripMs,
}: Contact): ContactFacts {
  return {
    address: shownContact(uri.replace(/^sips?:(?:[^@]*@)?/, '').replace(/;.*$/, '')),
    userAgent,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(roundTripMs !== undefined && { roundTripMs }),
  }
}

function seenOf({ address, atMs }: Seen): Seen {
  return { address, atMs }
}
