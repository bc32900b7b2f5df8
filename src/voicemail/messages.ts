import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What a message is known by: Asterisk's own, kept when it is moved or renumbered. */
export const MESSAGE_ID = /^\d{9,11}-[0-9a-f]{8}$/

/** Folders of a box, those with new messages first. */
export const folders = ['INBOX', 'Urgent', 'Old', 'Work', 'Family', 'Friends'] as const
export type Folder = (typeof folders)[number]
export const newFolders: readonly Folder[] = ['INBOX', 'Urgent']

/** A message in the voicemail of a line. */
export interface Message {
  readonly id: string
  readonly folder: Folder
  /** The caller's number as he showed it; null: hidden or unknown. */
  readonly from: string | null
  /** Wall clock, milliseconds. */
  readonly at: number
  readonly seconds: number
  readonly urgent: boolean
  readonly read: boolean
  /** The recording. */
  readonly file: string
}

/** The folder of the boxes of a deployment. */
export function boxesOf(dir: string): string {
  return join(dir, 'spool/voicemail/default')
}

/** Every whole message of a box, the oldest first; none when nobody ever left one. */
export async function messagesOf(
  boxes: string,
  line: string,
  wanted: readonly Folder[] = folders,
): Promise<Message[]> {
  const found: Message[] = []
  for (const folder of wanted) {
    const place = join(boxes, line, folder)
    for (const name of await namesIn(place)) {
      if (!/^msg\d{4}\.txt$/.test(name)) continue
      const message = await readMessage(place, name, folder)
      if (message) found.push(message)
    }
  }
  return found.sort((a, b) => a.at - b.at)
}

/**
 * The recording of a message. Somebody who listens at the telephone may move or delete
 * it meanwhile, and then another may have its file: its sheet is read again afterwards.
 */
export async function recordingOf(
  boxes: string,
  line: string,
  id: string,
): Promise<{ readonly message: Message; readonly wav: Buffer } | undefined> {
  for (const _try of [1, 2, 3]) {
    const message = (await messagesOf(boxes, line)).find((each) => each.id === id)
    if (!message) return undefined
    const wav = await orNothing(readFile(message.file))
    const sheet = await orNothing(readFile(message.file.replace(/wav$/, 'txt'), 'utf8'))
    if (wav && sheet && entriesOf(sheet).get('msg_id') === id) return { message, wav }
  }
  return undefined
}

/** When the new messages of a box changed last; 0 while it has none. */
export async function changedAt(boxes: string, line: string): Promise<number> {
  const times = newFolders.map(async (folder) => {
    return (await orNothing(stat(join(boxes, line, folder))))?.mtimeMs ?? 0
  })
  return Math.max(...(await Promise.all(times)))
}

/** A sheet without recording, or one that is being written, is no message yet. */
async function readMessage(
  place: string,
  name: string,
  folder: Folder,
): Promise<Message | undefined> {
  const text = await orNothing(readFile(join(place, name), 'utf8'))
  const entries = entriesOf(text ?? '')
  const [id = '', duration, origtime] = ['msg_id', 'duration', 'origtime'].map((key) =>
    entries.get(key),
  )
  const file = join(place, name.replace(/txt$/, 'wav'))
  if (!MESSAGE_ID.test(id) || duration === undefined || origtime === undefined) {
    return undefined
  }
  if (!(await orNothing(stat(file)))) return undefined
  return {
    id,
    folder,
    from: numberIn(entries.get('callerid') ?? ''),
    at: Number(origtime) * 1000,
    seconds: Number(duration),
    urgent: folder === 'Urgent' || entries.get('flag') === 'Urgent',
    read: !newFolders.includes(folder),
    file,
  }
}

/** `key=value`, a line each; no value of Asterisk's has a line of its own. */
function entriesOf(text: string): ReadonlyMap<string, string> {
  const entries = text.split('\n').flatMap((line) => {
    const [, key, value] = /^(\w+)=(.*)$/.exec(line.trimEnd()) ?? []
    return key === undefined || value === undefined ? [] : [[key, value] as const]
  })
  return new Map(entries)
}

/** `"name" <number>` or a number alone. */
function numberIn(callerid: string): string | null {
  const number = /<(\+?\d{2,20})>\s*$/.exec(callerid)?.[1]
  return number ?? (/^\+?\d{2,20}$/.test(callerid) ? callerid : null)
}

async function namesIn(folder: string): Promise<string[]> {
  return (await orNothing(readdir(folder))) ?? []
}

/** Undefined for what is not there, or not any more. */
export async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
}
