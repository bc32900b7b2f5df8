import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Accounts } from '../http/accounts.js'
import { administratorToken } from '../http/api-token.js'
import { type ApiOptions, listen } from '../http/server.js'
import type { Address } from '../model/address.js'
import type { Secret } from '../model/secret.js'
import type { Site } from '../model/site.js'
import { portal } from '../portal/portal.js'
import type { Database } from '../store/database.js'
import { Replies } from '../store/replies.js'
import { GreetingDesk } from './greeting-desk.js'

export interface WebDoorOptions
  extends Omit<
    ApiOptions,
    'loopback' | 'accounts' | 'greetings' | 'portal' | 'onBug' | 'replies' | 'names'
  > {
  readonly address: Address
  readonly dir: string
  readonly store: Database
  readonly site: () => Site
  readonly log: Logger
  readonly onFirstPassword: (password: Secret) => void
}

/** The API and the portal on one address, for the same accounts. */
export interface WebDoor {
  readonly server: FastifyInstance
  /** Resolves when the first user exists and its password was told. */
  readonly told: Promise<void>
}

/** Rejects with the system's error when the address is taken. */
export async function openWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  const { address, dir, store, site, log, onFirstPassword, ...more } = options
  const parts = { ...more, greetings: new GreetingDesk({ dir, log, database: store }) }
  const accounts = new Accounts({
    ...{ database: store, token: administratorToken(dir), now: Date.now },
    onGuessing: (user, source) =>
      log.warn({ user, source }, 'sign-in: locked out after too many tries'),
  })
  const onBug = (error: unknown, route: string): void =>
    log.error({ err: error, route }, 'bug: a request failed')
  const pages = portal({ ...parts, accounts, site, onBug })
  const replies = new Replies(store)
  const server = await listen(address, {
    ...{ ...parts, accounts, replies, portal: pages, onBug },
    names: () => [hostname().toLowerCase(), ...(site().site.webNames ?? [])],
  })
  // Hashing takes a moment, in which Asterisk can be connected to.
  const told = accounts.firstPassword().then(
    (password) => {
      if (password) onFirstPassword(password)
    },
    (error: unknown) => log.error({ err: error }, 'the portal has no first user'),
  )
  return { server, told }
}
