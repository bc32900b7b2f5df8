import { Argument, Command } from 'commander'
import { z } from 'zod'
import { type GreetingKind, greetingKinds } from '../voicemail/greeting.js'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { saveRecording } from './save-recording.js'
import { printTable } from './table.js'
import { readSent } from './table-import.js'
import { UsageError } from './usage-error.js'

const Greeting = z.object({ kind: z.string(), seconds: z.number(), at: z.string() })

interface Options {
  readonly dir: string
  readonly delete?: true
  readonly save?: string
  readonly json?: true
}

/** `linekeeper greeting NUMBER [KIND [FILE]]`: what callers of a voicemail hear. */
export function greetingCommand(): Command {
  return new Command('greeting')
    .description('the greetings of the voicemail of a line: show, set, save, delete')
    .argument('<number>', 'number of the line, in any spelling')
    .addArgument(new Argument('[kind]', 'which greeting').choices(greetingKinds))
    .argument('[file]', 'the new greeting, a WAV file; - is standard input')
    .option('--save <file>', 'write the greeting to a file')
    .option('--delete', 'delete it: callers hear the standard one again')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nA file is PCM of 8, 16 or 24 bits, mono or stereo, 8 to 48 kHz, half a second to' +
        '\ntwo minutes, 10 MB at most. The temporary greeting is played instead of both others.' +
        '\n\nExamples:\n  linekeeper greeting 0972100001' +
        '\n  linekeeper greeting 0972100001 unavailable accueil.wav' +
        '\n  linekeeper greeting 0972100001 busy --delete',
    )
    .action(greeting)
}

async function greeting(
  number: string,
  kind: GreetingKind | undefined,
  file: string | undefined,
  options: Options,
): Promise<void> {
  const wanted = [file, options.save, options.delete].filter((each) => each !== undefined)
  if (wanted.length > (kind === undefined ? 0 : 1)) {
    throw new UsageError('name one greeting, and a file, --save or --delete')
  }
  const client = await apiClient(options.dir)
  const all = `/api/v1/lines/${encodeURIComponent(number)}/greetings`
  const one = `${all}/${kind}`
  if (options.save !== undefined) {
    await saveRecording(await client.download(one), options.save)
    return
  }
  if (file !== undefined) {
    const set = await client.upload(one, 'audio/wav', readSent(file))
    print(set, [Greeting.parse(set)], options)
    return
  }
  if (options.delete) {
    const deleted = await client.send('DELETE', one)
    if (options.json) console.log(JSON.stringify(deleted, undefined, 2))
    return
  }
  const there = z.array(Greeting).parse(await client.get(all))
  const shown = there.filter((each) => kind === undefined || each.kind === kind)
  print(shown, shown, options)
}

function print(
  answer: unknown,
  greetings: readonly z.infer<typeof Greeting>[],
  { json }: Options,
): void {
  if (json) {
    console.log(JSON.stringify(answer, undefined, 2))
    return
  }
  const rows = greetings.map(({ kind, seconds, at }) => [kind, `${seconds} s`, at])
  printTable(['greeting', 'length', 'since'], rows)
}
