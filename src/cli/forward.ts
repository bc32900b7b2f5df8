import { Command, InvalidArgumentError } from 'commander'
import { forwardKinds } from '../model/forwarding.js'
import { nearest } from '../model/nearest.js'
import { apiClient } from './api-client.js'
import { changeLines } from './change-lines.js'
import { defaultDir } from './default-dir.js'
import { forwardBody } from './setting-words.js'
import { printForwards } from './settings-table.js'
import { UsageError } from './usage-error.js'

interface Options {
  readonly dir: string
  readonly after?: number
  readonly json?: true
}

/** `linekeeper forward NUMBER KIND TARGET`: where calls go instead. */
export function forwardCommand(): Command {
  return new Command('forward')
    .description('shows or changes where the calls of a line go instead')
    .argument('<words...>', 'numbers of lines, then which forward, then its target')
    .option('--after <seconds>', 'seconds of ringing before noAnswer, 5 to 60', seconds)
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `\nForwards: ${forwardKinds.join(', ')}.` +
        '\nTarget: a number, voicemail, voicemail:LINE, fax, fax:LINE; off keeps the target,' +
        '\non takes it again, none forgets it. Without a forward, all four are shown.' +
        '\n\nExamples:' +
        '\n  linekeeper forward 0972100001' +
        '\n  linekeeper forward 0972100001 unconditional 0612345678' +
        '\n  linekeeper forward 0972100001 noAnswer voicemail --after 15' +
        '\n  linekeeper forward 0972100001 0972100002 busy off',
    )
    .action(forward)
}

async function forward(words: readonly string[], options: Options): Promise<void> {
  const at = words.findIndex((word) => /^[a-z]/i.test(word))
  const numbers = at === -1 ? words : words.slice(0, at)
  const [kind, target, ...more] = at === -1 ? [] : words.slice(at)
  const [first] = numbers
  if (first === undefined) throw new UsageError('name a line first, by its number')
  if (more.length > 0) throw new UsageError(`${more[0]}: one forward and one target`)
  if (kind !== undefined) {
    checkKind(kind)
    const wanted = wantedOf(kind, target, options.after)
    return changeLines(numbers, { forwarding: { [kind]: wanted } }, options)
  }
  if (numbers.length > 1) throw new UsageError('name one line to see its forwards')
  const path = `/api/v1/lines/${encodeURIComponent(first)}/settings`
  const shown = await (await apiClient(options.dir)).get(path)
  if (options.json) console.log(JSON.stringify(shown, undefined, 2))
  else printForwards(shown)
}

function checkKind(kind: string): void {
  if (forwardKinds.some((known) => known === kind)) return
  const guess = nearest(kind, forwardKinds)
  const remedy = guess ? `Write ${guess}` : `Known: ${forwardKinds.join(', ')}`
  throw new UsageError(`${kind} is no forward. ${remedy}`)
}

function wantedOf(
  kind: string,
  target: string | undefined,
  after: number | undefined,
): unknown {
  if (after !== undefined && kind !== 'noAnswer') {
    throw new UsageError('--after is for noAnswer alone')
  }
  if (target === undefined && after === undefined) {
    throw new UsageError(`${kind}: give a target, or off`)
  }
  const wanted = target === undefined ? {} : forwardBody(target)
  if (after === undefined) return wanted
  if (typeof wanted === 'object' && wanted !== null) return { ...wanted, after }
  throw new UsageError('--after is nothing to a forward that is forgotten')
}

function seconds(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('a whole number of seconds is needed')
}
