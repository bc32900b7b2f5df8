#!/usr/bin/env node
import { CommanderError } from 'commander'
import { codeOf } from '../config/durable-file.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'
import { fail, failureOf } from './failure.js'
import { newProgram } from './program.js'

const words = process.argv.slice(2)
const json = words.includes('--json')
/** They outlive whoever reads what they print, and log what goes wrong themselves. */
const services: ReadonlySet<string> = new Set(['run', 'up'])

let dir = defaultDir()
let service = false
const program = newProgram().hook('preAction', (_program, command) => {
  dir = command.opts<{ dir?: string }>().dir ?? dir
  service = services.has(command.name())
  if (!service) process.on('uncaughtException', end)
})

process.stdout.on('error', (error) => {
  if (service) return
  // `| head -1` has read what it wanted; a full disk has not taken what was asked for.
  if (codeOf(error) === 'EPIPE') process.exit(EXIT.ok)
  process.stderr.write(`stdout  ${error.message}\n`)
  process.exit(EXIT.failed)
})

// A newline or an escape would come back in our messages, and no name or number has one.
if (words.some((word) => /\p{Cc}/u.test(word))) {
  const message = 'an argument has a control character'
  fail({ exit: EXIT.usage, code: 'usage', message }, json)
} else {
  program.parseAsync().catch(end)
}

function end(error: unknown): void {
  if (error instanceof CommanderError) endOfParsing(error)
  else {
    fail(failureOf(error, dir), json)
    const debug = process.env['LINEKEEPER_DEBUG']
    if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  }
}

/** Help and version were printed as asked; anything else has been said with the usage. */
function endOfParsing({ exitCode, message }: CommanderError): void {
  if (exitCode === 0) return
  process.exitCode = EXIT.usage
  if (json) console.log(JSON.stringify({ ok: false, code: 'usage', message }))
}
