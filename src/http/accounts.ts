import { createHash, createHmac, randomBytes } from 'node:crypto'
import { Secret } from '../model/secret.js'
import type { Database } from '../store/database.js'
import { Sessions, type StoredSession } from '../store/sessions.js'
import { type Token, Tokens } from '../store/tokens.js'
import { type NewUser, type User, Users } from '../store/users.js'
import { bearerMatches } from './api-token.js'
import { Attempts } from './attempts.js'
import { COST, type Cost, hashPassword, passwordMatches } from './password.js'
import type { Principal } from './principal.js'

export interface AccountsOptions {
  readonly database: Database
  /** The administrator's token of the state folder. */
  readonly token: Secret
  readonly now: () => number
  /** Somebody guesses passwords; told once for each time he is locked out (H16). */
  readonly onGuessing: (user: string, source: string) => void
  readonly cost?: Cost
}

/** What became of a try to sign in. */
export type SignedIn =
  | { readonly kind: 'signedIn'; readonly cookie: Secret }
  | { readonly kind: 'refused' }
  | { readonly kind: 'locked'; readonly seconds: number }

/** Somebody who is signed in. */
export interface Session {
  readonly principal: Principal
  readonly formToken: string
}

const MINUTE_MS = 60_000
const IDLE_MS = 30 * MINUTE_MS
const LONGEST_MS = 12 * 60 * MINUTE_MS
/** A read must not cost a write each time. */
const NOTE_USE_EVERY_MS = MINUTE_MS
const TRIES_OF_ONE_NAME = 10
const TRIES_OF_ONE_SOURCE = 50

/** Who may do what: users with passwords, their sessions, and tokens of scripts. */
export class Accounts {
  readonly #options: AccountsOptions
  readonly #users: Users
  readonly #tokens: Tokens
  readonly #sessions: Sessions
  /** By name and source: a guesser elsewhere locks nobody out (H16). */
  readonly #byName = new Attempts(TRIES_OF_ONE_NAME)
  readonly #bySource = new Attempts(TRIES_OF_ONE_SOURCE)
  constructor(options: AccountsOptions) {
    this.#options = options
    this.#users = new Users(options.database)
    this.#tokens = new Tokens(options.database)
    this.#sessions = new Sessions(options.database)
  }

  /** A key of this deployment for one purpose: the same after a restart, told to nobody. */
  keyFor(purpose: string): Buffer {
    const { token } = this.#options
    return createHmac('sha256', token.reveal()).update(purpose).digest()
  }

  users(): User[] {
    return this.#users.list().map(({ name, role, lines }) => ({ name, role, lines }))
  }

  tokens(): Token[] {
    return this.#tokens.list()
  }

  /** False when the name is taken. */
  async addUser({ name, role, lines }: User, password: Secret): Promise<boolean> {
    const passwordHash = await hashPassword(password, this.#options.cost)
    const user: NewUser = { name, role, lines, passwordHash }
    return this.#users.add(user, this.#options.now())
  }

  /** False when there is no such user. Whoever was signed in by the old one is not any more. */
  async setPassword(name: string, password: Secret): Promise<boolean> {
    const hash = await hashPassword(password, this.#options.cost)
    const known = this.#users.setPassword(name, hash, this.#options.now())
    if (known) this.#sessions.removeOf(name)
    return known
  }

  removeUser(name: string): boolean {
    return this.#users.remove(name)
  }

  /** The password of the first administrator; undefined when there are users already. */
  async firstPassword(name = 'administrator'): Promise<Secret | undefined> {
    if (this.#users.list().length > 0) return undefined
    const password = newSecret()
    const added = await this.addUser({ name, role: 'administrator', lines: [] }, password)
    return added ? password : undefined
  }

  /** The token with its secret, which is kept nowhere; undefined when the name is taken. */
  addToken(
    wanted: Omit<Token, 'createdAtMs' | 'expiresAtMs'>,
    validMs: number | undefined,
  ): { token: Token; secret: Secret } | undefined {
    const createdAtMs = this.#options.now()
    const expiresAtMs = validMs === undefined ? undefined : createdAtMs + validMs
    const token = { ...wanted, createdAtMs, expiresAtMs }
    const secret = newSecret()
    return this.#tokens.add(token, hashOf(secret.reveal()))
      ? { token, secret }
      : undefined
  }

  removeToken(name: string): boolean {
    return this.#tokens.remove(name)
  }

  /** Of an `Authorization` header; every header that is no valid token looks the same. */
  ofBearer(header: string | undefined): Principal | undefined {
    if (bearerMatches(header, this.#options.token)) {
      return {
        name: 'api-token',
        role: 'administrator',
        lines: new Set(),
        readOnly: false,
      }
    }
    const [, given] = /^Bearer ([\x21-\x7e]{16,256})$/.exec(header ?? '') ?? []
    const token = given === undefined ? undefined : this.#tokens.find(hashOf(given))
    if (!token) return undefined
    const { name, role, lines, readOnly, expiresAtMs } = token
    if (expiresAtMs !== undefined && expiresAtMs <= this.#options.now()) return undefined
    return { name: `token ${name}`, role, lines: new Set(lines), readOnly }
  }

  /** `source` is the address of whoever tries. */
  async signIn(name: string, password: Secret, source: string): Promise<SignedIn> {
    const now = this.#options.now()
    const pair = `${name} ${source}`
    const seconds = Math.max(
      this.#byName.waitSeconds(pair, now),
      this.#bySource.waitSeconds(source, now),
    )
    if (seconds > 0) return { kind: 'locked', seconds }
    const locks = [this.#byName.begin(pair, now), this.#bySource.begin(source, now)]
    const user = this.#users.find(name)
    const matches = await passwordMatches(password, user?.passwordHash ?? this.#nobodys())
    if (user && matches) {
      this.#byName.succeeded(pair)
      this.#bySource.succeeded(source)
      return { kind: 'signedIn', cookie: this.#newSession(user.name) }
    }
    if (locks.includes(true)) this.#options.onGuessing(name, source)
    return { kind: 'refused' }
  }

  signOut(cookie: string): void {
    this.#sessions.remove(hashOf(cookie))
  }

  /** Of a cookie; undefined when it is none of ours, or too old. */
  sessionOf(cookie: string | undefined): Session | undefined {
    if (cookie === undefined || cookie.length > 128) return undefined
    const now = this.#options.now()
    const session = this.#sessions.find(hashOf(cookie))
    if (!session || isOver(session, now)) return undefined
    const user = this.#users.find(session.user)
    if (!user) return undefined
    if (now - session.usedAtMs > NOTE_USE_EVERY_MS)
      this.#sessions.used(session.idHash, now)
    const { name, role, lines } = user
    const principal = { name, role, lines: new Set(lines), readOnly: false }
    return { principal, formToken: session.formToken }
  }

  /** Of no password, at today's cost: an unknown name takes as long as a wrong password. */
  #nobodys(): string {
    const { n, r, p } = this.#options.cost ?? COST
    return `scrypt$${n}$${r}$${p}$${'A'.repeat(22)}$${'A'.repeat(43)}`
  }

  #newSession(user: string): Secret {
    const now = this.#options.now()
    this.#sessions.removeOld(now - IDLE_MS, now - LONGEST_MS)
    const cookie = newSecret()
    this.#sessions.add({
      idHash: hashOf(cookie.reveal()),
      ...{ user, formToken: newSecret().reveal(), createdAtMs: now, usedAtMs: now },
    })
    return cookie
  }
}

function isOver({ createdAtMs, usedAtMs }: StoredSession, now: number): boolean {
  return now - usedAtMs > IDLE_MS || now - createdAtMs > LONGEST_MS
}

/** 192 random bits: nothing that is guessed, so a plain hash of it is enough. */
function newSecret(): Secret {
  return new Secret(randomBytes(24).toString('base64url'))
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
