import { readSync } from 'node:fs'
import { isatty } from 'node:tty'
import { z } from 'zod'
import { nearest } from '../model/nearest.js'
import { knownKeys, schemasAt } from '../model/schema-keys.js'
import { SettingsPatch } from '../model/settings.js'
import { UsageError } from './usage-error.js'

/** A change of settings as it is sent, in the shape of the API. */
export type Body = { [key: string]: unknown }

const NEWLINE = 10
const MAX_PIN_LINE = 80
/** Keys whose value is never an argument. */
const SECRETS: ReadonlySet<string> = new Set(['pin', 'remotePassword'])

const forwards: ReadonlySet<string> = new Set(
  ['unconditional', 'noAnswer', 'busy', 'unreachable'].map(
    (kind) => `forwarding.${kind}`,
  ),
)

/**
 * `doNotDisturb=on forwarding.busy=0612345678 forwarding.noAnswer.after=15` as one
 * change. A PIN is written without a value and read from the environment or from
 * standard input: arguments can be read by everybody on the machine.
 */
export function bodyOf(assignments: readonly string[]): Body {
  const body: Body = {}
  for (const text of assignments) {
    const [, key = '', value] = /^([^=]*)(?:=(.*))?$/.exec(text) ?? []
    put(body, key, valueOfKey(key, value))
  }
  return body
}

/** What a forward leads to: `0612345678`, `voicemail`, `voicemail:0972100002`, `fax` … */
export function forwardBody(target: string): unknown {
  if (target === 'off') return { active: false }
  if (target === 'on') return { active: true }
  if (target === 'none') return null
  const [, kind, line] = /^(voicemail|fax):(.+)$/.exec(target) ?? []
  return { to: kind === undefined ? target : { [kind]: line } }
}

/** `a@example.org,b@example.org:notice`: with the recording, and without. */
function mailBody(value: string): unknown {
  return value.split(',').map((each) => {
    const [to = '', how] = each.split(':')
    if (how !== undefined && how !== 'notice') {
      throw new UsageError(`voicemail.mail: write ${to}, or ${to}:notice`)
    }
    return { to, attach: how === undefined }
  })
}

function valueOfKey(key: string, value: string | undefined): unknown {
  const path = key.split('.')
  const schemas = schemasAt(SettingsPatch, path)
  if (schemas.length === 0) throw unknownKey(path)
  if (key === 'voicemail.remotePassword' && value === 'none') return null
  if (SECRETS.has(path.at(-1) ?? '')) return readPin(key, value)
  if (value === undefined) {
    throw new UsageError(`${key}: give a value, like ${key}=on`)
  }
  if (forwards.has(key)) return forwardBody(value)
  if (value === 'none') return null
  if (key === 'voicemail.mail') return mailBody(value)
  if (schemas.some((each) => each instanceof z.ZodBoolean)) return flagOf(key, value)
  if (schemas.some((each) => each instanceof z.ZodNumber)) return numberOf(key, value)
  if (schemas.every((each) => each instanceof z.ZodObject)) {
    if (value === 'off' && canBeNull(key)) return null
    const keys = knownKeys(SettingsPatch, path).map((each) => `${key}.${each}`)
    throw new UsageError(`${key}: set ${keys.join(', ')}`)
  }
  return value
}

function canBeNull(key: string): boolean {
  const body: Body = {}
  put(body, key, null)
  return SettingsPatch.safeParse(body).success
}

function flagOf(key: string, value: string): boolean {
  if (['on', 'true', 'yes'].includes(value)) return true
  if (['off', 'false', 'no'].includes(value)) return false
  throw new UsageError(`${key}: ${JSON.stringify(value)} is neither on nor off`)
}

function numberOf(key: string, value: string): number {
  if (/^\d{1,6}$/.test(value)) return Number(value)
  throw new UsageError(`${key}: ${JSON.stringify(value)} is not a whole number`)
}

function readPin(key: string, value: string | undefined): string {
  if (value !== undefined) {
    throw new UsageError(
      `${key}: no value here, where everybody on the machine can read it. Write only ` +
        `${key}, and give the PIN in LINEKEEPER_PIN or on standard input`,
    )
  }
  const given = process.env['LINEKEEPER_PIN']
  if (given === undefined) return firstLine().trim()
  const pin = given.trim()
  if (pin !== given) process.stderr.write('LINEKEEPER_PIN: white space around it\n')
  return pin
}

function firstLine(): string {
  if (isatty(0)) process.stderr.write('PIN: ')
  const byte = Buffer.alloc(1)
  let text = ''
  while (text.length < MAX_PIN_LINE && readSync(0, byte) === 1 && byte[0] !== NEWLINE) {
    text += byte.toString('latin1')
  }
  return text
}

function unknownKey(path: readonly string[]): UsageError {
  const at = path.findIndex(
    (_step, index) => schemasAt(SettingsPatch, path.slice(0, index + 1)).length === 0,
  )
  const known = knownKeys(SettingsPatch, path.slice(0, at))
  const guess = nearest(path[at] ?? '', known)
  const before = path.slice(0, at).map((step) => `${step}.`)
  const remedy = guess
    ? `Write ${before.join('')}${guess}`
    : `Known: ${known.map((key) => `${before.join('')}${key}`).join(', ') || 'nothing below'}`
  return new UsageError(`${path.join('.')} is no setting. ${remedy}`)
}

/** `forwarding.noAnswer=…` and `forwarding.noAnswer.after=…` are one forward. */
function put(body: Body, key: string, value: unknown): void {
  const steps = key.split('.')
  const last = steps.pop() ?? ''
  let here = body
  for (const step of steps) {
    const inner = here[step]
    const next: Body = isBody(inner) ? inner : {}
    here[step] = next
    here = next
  }
  const there = here[last]
  here[last] = isBody(there) && isBody(value) ? { ...there, ...value } : value
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
