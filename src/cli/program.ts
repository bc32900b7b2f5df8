import { Command } from 'commander'
import { version } from '../version.js'
import { applyCommand } from './apply.js'
import { backupCommand } from './backup.js'
import { callsCommand } from './calls.js'
import { callsChangeCommand } from './calls-change.js'
import { cdrCommand } from './cdr.js'
import { codesCommand } from './codes.js'
import { diagnoseCommand } from './diagnose.js'
import { doctorCommand } from './doctor.js'
import { explainCommand } from './explain.js'
import { filterCommand } from './filter.js'
import { forwardCommand } from './forward.js'
import { greetingCommand } from './greeting.js'
import { journalCommand } from './journal.js'
import { linesCommand } from './lines.js'
import { orderCommand, ordersCommand } from './orders.js'
import { planCommand } from './plan.js'
import { planChangeCommand } from './plan-change.js'
import { renderCommand } from './render.js'
import { reopenCommand } from './reopen.js'
import { restoreCommand } from './restore.js'
import { retentionCommand } from './retention.js'
import { runCommand } from './run.js'
import { schemaCommand } from './schema.js'
import { setCommand } from './set.js'
import { shortNumbersCommand } from './short-numbers.js'
import { tokenCommand } from './token.js'
import { upCommand } from './up.js'
import { userCommand } from './user.js'
import { validateCommand } from './validate.js'
import { verifyCommand } from './verify.js'
import { voicemailCommand } from './voicemail.js'
import { whyCommand } from './why.js'

/** In the order of an operator's first day. */
const commands = [
  ...[validateCommand, renderCommand, planCommand, applyCommand, runCommand, upCommand],
  ...[schemaCommand, linesCommand, callsCommand, whyCommand, explainCommand],
  ...[filterCommand, shortNumbersCommand, reopenCommand],
  ...[setCommand, forwardCommand, voicemailCommand, greetingCommand, journalCommand],
  ...[planChangeCommand, callsChangeCommand, ordersCommand, orderCommand],
  ...[diagnoseCommand, codesCommand, doctorCommand, cdrCommand],
  ...[userCommand, tokenCommand],
  ...[backupCommand, restoreCommand, retentionCommand, verifyCommand],
]

const HELP = `
Exit codes: 0 ok · 1 error · 2 changes exist (plan --detailed-exitcode) · 3 apply rolled back ·
4 refused by a rule · 5 the machine: Asterisk, a lock, an address, file modes · 64 usage ·
78 invalid site file.

LINEKEEPER_DEBUG=1 in the environment shows where in the program an error arose.

Example:
  linekeeper up examples/site.yaml --dir /var/lib/linekeeper`

/** The command line. Its errors are thrown, so that one place says how they end. */
export function newProgram(): Command {
  const program = new Command('linekeeper')
    .description(
      'Telephone-line services for an Asterisk of your own, from one site file.',
    )
    .version(version)
    .exitOverride()
    .showHelpAfterError('Usage: linekeeper <command> [options]; linekeeper --help')
    .addHelpText('after', HELP)
  for (const newCommand of commands) {
    const command = newCommand().copyInheritedSettings(program)
    const usage = `linekeeper ${command.name()} ${command.usage()}`
    program.addCommand(
      command.showHelpAfterError(
        `Usage: ${usage}; linekeeper ${command.name()} --help says more`,
      ),
    )
  }
  return program
}
