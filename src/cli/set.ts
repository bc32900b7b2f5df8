import { Command } from 'commander'
import { apiClient } from './api-client.js'
import { changeLines } from './change-lines.js'
import { defaultDir } from './default-dir.js'
import { bodyOf } from './setting-words.js'
import { printSettings } from './settings-table.js'
import { UsageError } from './usage-error.js'

/** `linekeeper set NUMBER key=value …`: the settings of a line, shown or changed. */
export function setCommand(): Command {
  return new Command('set')
    .description('shows or changes the settings of a line, or of several')
    .argument('<words...>', 'numbers of lines, then settings: key=value')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nA number alone shows the settings. on and off for what is on or off; none clears.' +
        '\nlock.pin and voicemail.remotePassword have no value here: it is read from' +
        '\nLINEKEEPER_PIN or standard input.' +
        '\n\nExamples:' +
        '\n  linekeeper set 0972100001' +
        '\n  linekeeper set 0972100001 doNotDisturb=on forwarding.busy=0612345678' +
        '\n  linekeeper set 0972100001 forwarding.noAnswer=voicemail forwarding.noAnswer.after=15' +
        '\n  linekeeper set 0972100001 0972100002 intercom=on' +
        '\n  linekeeper set 0972100001 lock.pin lock.active=on < pin.txt',
    )
    .action(set)
}

async function set(
  words: readonly string[],
  options: { dir: string; json?: true },
): Promise<void> {
  const at = words.findIndex((word) => !isNumber(word))
  const numbers = at === -1 ? words : words.slice(0, at)
  const assignments = at === -1 ? [] : words.slice(at)
  const [first] = numbers
  if (first === undefined) {
    throw new UsageError(`${words[0] ?? ''}: name a line first, by its number`)
  }
  const late = assignments.find(isNumber)
  if (late !== undefined) {
    throw new UsageError(`${late}: numbers of lines come first, then settings`)
  }
  if (assignments.length > 0) return changeLines(numbers, bodyOf(assignments), options)
  if (numbers.length > 1) throw new UsageError('name one line to see its settings')
  const path = `/api/v1/lines/${encodeURIComponent(first)}/settings`
  const shown = await (await apiClient(options.dir)).get(path)
  if (options.json) console.log(JSON.stringify(shown, undefined, 2))
  else printSettings(shown)
}

/** Digits and what people put between them; a setting begins with a letter. */
function isNumber(word: string): boolean {
  return /^[+(\d]/.test(word)
}
