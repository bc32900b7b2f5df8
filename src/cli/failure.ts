import { relative } from 'node:path'
import { AmiError } from '../ami/ami-error.js'
import { codeOf } from '../config/durable-file.js'
import { LockedError } from '../config/lock.js'
import { EnvironmentError } from '../instance/environment-error.js'
import { printable } from '../model/refusal.js'
import { StoreLost, StoreUnavailable } from '../store/database.js'
import { ApiRefusal } from './api-client.js'
import { EXIT, type ExitCode } from './exit.js'
import { ExplainUsageError } from './explain-state.js'
import { TableRefused } from './table-import.js'
import { UsageError } from './usage-error.js'

/** Why a command did not do what was asked. */
export interface Failure {
  readonly exit: ExitCode
  /** Stable slug, `noun.rule`. */
  readonly code: string
  /** The place, the rule and the remedy. */
  readonly message: string
}

/** Says a failure and sets the exit code; with `json` also as one document on stdout. */
export function fail({ exit, code, message }: Failure, json: boolean): void {
  process.exitCode = exit
  process.stderr.write(`${code}  ${message.split('\n').map(printable).join('\n')}\n`)
  if (json) console.log(JSON.stringify({ ok: false, code, message }))
}

/** What an error that ended a command means; `dir` is the state folder it was given. */
export function failureOf(error: unknown, dir: string): Failure {
  const environment = environmentFailure(error, dir)
  if (environment) return { exit: EXIT.environment, ...environment }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ExplainUsageError || error instanceof UsageError)
    return { exit: EXIT.usage, code: 'usage', message }
  if (error instanceof TableRefused)
    return { exit: EXIT.invalid, code: 'csv.refused', message }
  // Well-formed enough to be asked, and refused by a rule.
  if (error instanceof ApiRefusal && [409, 422].includes(error.status))
    return { exit: EXIT.policy, code: 'api.refused', message }
  return { exit: EXIT.failed, code: slugOf(error), message }
}

function slugOf(error: unknown): string {
  if (error instanceof ApiRefusal) return 'api.refused'
  if (error instanceof StoreLost) return 'store.damaged'
  return error instanceof StoreUnavailable ? 'store.unavailable' : 'failed'
}

/** Undefined for an error that is not the machine's. */
export function environmentFailure(
  error: unknown,
  dir: string,
): Omit<Failure, 'exit'> | undefined {
  if (error instanceof EnvironmentError)
    return { code: error.code, message: error.message }
  if (error instanceof LockedError) return { code: 'locked', message: error.message }
  if (error instanceof AmiError) return amiFailure(error)
  if (!(error instanceof Error)) return undefined
  return addressFailure(error) ?? fileFailure(error, dir)
}

/** A listener that the machine does not grant. */
function addressFailure(error: Error): Omit<Failure, 'exit'> | undefined {
  const host = fieldOf(error, 'address')
  const port = fieldOf(error, 'port')
  if (host === undefined || port === undefined) return undefined
  const place = `${host}:${port}`
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return {
        code: 'address.inUse',
        message: `${place}: somebody listens there already. If it is another linekeeper, end it; otherwise change the address in the site file`,
      }
    case 'EADDRNOTAVAIL':
      return {
        code: 'address.notHere',
        message: `${place}: this machine has no such address. Correct it in the site file`,
      }
    case 'EACCES':
      return {
        code: 'address.notAllowed',
        message: `${place}: this user may not listen there. Choose a port from 1024 up`,
      }
    default:
      return undefined
  }
}

/** A file or folder that this user may not write or read. */
function fileFailure(error: Error, dir: string): Omit<Failure, 'exit'> | undefined {
  const code = 'dir.notWritable'
  const { message } = error
  switch (codeOf(error)) {
    case 'ENOTDIR':
      return { code: 'dir.notFolder', message: `${message}. Name a folder` }
    case 'EROFS':
      return {
        code,
        message: `${message}. Mount it for writing, or name another folder`,
      }
    case 'EACCES':
    case 'EPERM': {
      const path = fieldOf(error, 'path') ?? dir
      const place = relative(dir, path).startsWith('..') ? path : dir
      const user = process.getuid?.() ?? 'USER'
      const remedy = `Run as its owner, or take it over: chown -R ${user} ${place}`
      return { code, message: `${message}. ${remedy}` }
    }
    default:
      return undefined
  }
}

function amiFailure({ kind, message }: AmiError): Omit<Failure, 'exit'> {
  const remedies: Partial<Record<AmiError['kind'], string>> = {
    unreachable:
      'Start it with "linekeeper up", or say --offline to change the files only',
    notAmi: "The site file's asterisk.ami must be the address of Asterisk's manager",
    inUse: 'Another linekeeper is connected to it, and only one at a time may be',
    wrongPassword: 'It was started with another secrets.json: restart it on this folder',
  }
  const remedy = remedies[kind]
  return { code: `asterisk.${kind}`, message: remedy ? `${message}. ${remedy}` : message }
}

/** What Node adds to the error of a system call. */
function fieldOf(error: Error, key: 'address' | 'port' | 'path'): string | undefined {
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined
}
