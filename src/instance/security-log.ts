import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { SECURITY_LOG, SECURITY_PAST } from './security-keeper.js'

/** Who proved, or failed to prove, that he knows the password of a line, and from where. */
export interface Authentication {
  readonly line: string
  /** `192.0.2.7:5060`. */
  readonly address: string
  readonly atMs: number
  readonly succeeded: boolean
}

/** A phone proves itself every few minutes: older ones say little about today. */
const TAIL_BYTES = 2 * 1024 * 1024
const FAILURES = new Set(['ChallengeResponseFailed', 'InvalidPassword'])
const SUCCESS = 'SuccessfulAuth'

/**
 * The latest authentications of a line in Asterisk's security log and in what was kept of
 * it before, the last one first. None when there are no such files: Asterisk may run on
 * another machine.
 */
export function authenticationsOf(folder: string, line: string): Authentication[] {
  return [SECURITY_PAST, SECURITY_LOG]
    .flatMap((name) => tailOf(join(folder, name)).split('\n'))
    .filter((text) => text.includes(`AccountID="${line}"`))
    .flatMap((text) => authenticationIn(text) ?? [])
    .reverse()
}

/** One line of the log: `SecurityEvent="…",EventTV="…",…,RemoteAddress="IPV4/UDP/…/…"`. */
export function authenticationIn(text: string): Authentication | undefined {
  const fields = new Map(
    [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
  const event = fields.get('SecurityEvent') ?? ''
  const line = fields.get('AccountID')
  const [, host, port] =
    /^IPV[46]\/\w+\/(.+)\/(\d+)$/.exec(fields.get('RemoteAddress') ?? '') ?? []
  const isAbout = event === SUCCESS || FAILURES.has(event)
  if (!isAbout || fields.get('Service') !== 'PJSIP' || line === undefined)
    return undefined
  const atMs = Date.parse((fields.get('EventTV') ?? '').replace(/(\d\d)$/, ':$1'))
  if (host === undefined || Number.isNaN(atMs)) return undefined
  return { line, address: `${host}:${port}`, atMs, succeeded: event === SUCCESS }
}

function tailOf(file: string): string {
  let opened: number | undefined
  try {
    opened = openSync(file, 'r')
    const { size } = fstatSync(opened)
    const length = Math.min(size, TAIL_BYTES)
    const bytes = Buffer.alloc(length)
    readSync(opened, bytes, 0, length, size - length)
    return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error) return ''
    throw error
  } finally {
    if (opened !== undefined) closeSync(opened)
  }
}
