import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Secret } from '../model/secret.js'
import { UsageError } from './usage-error.js'

/** More than any password that the API takes. */
const MAX_LENGTH = 300

/**
 * A secret from standard input: the first line of it, or on a terminal what is typed,
 * which is not shown. Never an argument: everybody on the machine can read those. Throws
 * a UsageError where there is none.
 */
export async function readSecret(question: string): Promise<Secret> {
  const isTerminal = process.stdin.isTTY === true
  if (isTerminal) process.stderr.write(`${question}: `)
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() })
  const lines = createInterface({
    input: process.stdin,
    // The terminal's echo goes the same way as what we print: nowhere.
    output: nowhere,
    terminal: isTerminal,
  })
  try {
    for await (const line of lines) {
      if (line !== '') return new Secret(line.slice(0, MAX_LENGTH))
      break
    }
    throw new UsageError(`${question}: nothing was given; type it, or pipe it in`)
  } finally {
    lines.close()
    if (isTerminal) process.stderr.write('\n')
  }
}
