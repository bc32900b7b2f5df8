import { Command } from 'commander'
import { z } from 'zod'
import { apiClient } from './api-client.js'
import { defaultDir } from './default-dir.js'
import { saveRecording } from './save-recording.js'
import { printTable } from './table.js'
import { UsageError } from './usage-error.js'

const Messages = z.array(
  z.object({
    id: z.string(),
    folder: z.string(),
    from: z.string().nullable(),
    at: z.string(),
    seconds: z.number(),
    urgent: z.boolean(),
    read: z.boolean(),
  }),
)

interface Options {
  readonly dir: string
  readonly delete?: string
  readonly save?: string
  readonly json?: true
}

/** `linekeeper voicemail NUMBER`: the messages of a line; saves one, deletes one. */
export function voicemailCommand(): Command {
  return new Command('voicemail')
    .description('the messages in the voicemail of a line')
    .argument('<number>', 'number of the line, in any spelling')
    .argument('[file]', 'where --save writes the recording, a WAV file')
    .option('--save <id>', 'write the recording of a message to a file')
    .option('--delete <id>', 'delete a message; the lamp of the phone follows')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  linekeeper voicemail 0972100001' +
        '\n  linekeeper voicemail 0972100001 --save 1763708400-00000001 message.wav' +
        '\n  linekeeper voicemail 0972100001 --delete 1763708400-00000001',
    )
    .action(voicemail)
}

async function voicemail(
  number: string,
  file: string | undefined,
  options: Options,
): Promise<void> {
  if ((options.save === undefined) !== (file === undefined)) {
    throw new UsageError('--save takes the id of a message, and a file to write')
  }
  const client = await apiClient(options.dir)
  const box = `/api/v1/lines/${encodeURIComponent(number)}/voicemail`
  if (options.save !== undefined && file !== undefined) {
    const id = encodeURIComponent(options.save)
    await saveRecording(await client.download(`${box}/${id}/audio`), file)
  }
  if (options.delete !== undefined) {
    const deleted = await client.send(
      'DELETE',
      `${box}/${encodeURIComponent(options.delete)}`,
    )
    if (options.json) console.log(JSON.stringify(deleted, undefined, 2))
    return
  }
  if (options.save !== undefined) return
  const messages = Messages.parse(await client.get(box))
  if (options.json) console.log(JSON.stringify(messages, undefined, 2))
  else print(messages)
}

function print(messages: z.infer<typeof Messages>): void {
  const rows = messages.map(({ id, folder, from, at, seconds, urgent, read }) => [
    id,
    at,
    from ?? 'hidden',
    `${seconds} s`,
    [read ? 'heard' : 'new', ...(urgent ? ['urgent'] : [])].join(', '),
    folder,
  ])
  printTable(['id', 'when', 'from', 'length', 'state', 'folder'], rows)
}
