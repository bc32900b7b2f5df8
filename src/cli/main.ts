#!/usr/bin/env node
import { Command } from 'commander'
import { version } from '../version.js'
import { applyCommand } from './apply.js'
import { callsCommand } from './calls.js'
import { EXIT } from './exit.js'
import { explainCommand } from './explain.js'
import { linesCommand } from './lines.js'
import { planCommand } from './plan.js'
import { runCommand } from './run.js'
import { upCommand } from './up.js'
import { whyCommand } from './why.js'

const program = new Command('linekeeper').version(version)
for (const command of [
  upCommand,
  planCommand,
  applyCommand,
  runCommand,
  linesCommand,
  callsCommand,
  whyCommand,
  explainCommand,
]) {
  program.addCommand(command())
}
program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode =
    error instanceof Error && error.name === 'EnvironmentError'
      ? EXIT.environment
      : EXIT.failed
})
