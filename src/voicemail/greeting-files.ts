import { chown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder, writeDurably } from '../config/durable-file.js'
import { type Greeting, type GreetingKind, greetingKinds } from './greeting.js'
import { orNothing } from './messages.js'
import { telephoneSeconds } from './wav.js'

/** Asterisk's names of them, in the folder of the box. */
const NAMES: Readonly<Record<GreetingKind, string>> = {
  unavailable: 'unavail',
  busy: 'busy',
  temporary: 'temp',
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** The greetings of a box that its user has made, by upload or by telephone. */
export async function greetingsOf(boxes: string, line: string): Promise<Greeting[]> {
  const found = greetingKinds.map(async (kind): Promise<Greeting[]> => {
    const file = await orNothing(stat(fileOf(boxes, line, kind)))
    if (!file) return []
    return [{ kind, seconds: telephoneSeconds(file.size), at: file.mtimeMs }]
  })
  return (await Promise.all(found)).flat()
}

/** A WAV file; undefined where ours is played. */
export function greetingOf(
  boxes: string,
  line: string,
  kind: GreetingKind,
): Promise<Buffer | undefined> {
  return orNothing(readFile(fileOf(boxes, line, kind)))
}

/**
 * Replaces a greeting: whoever calls hears the old one or the new one, whole. `settled` is
 * called when only the switch is left to be done; what it throws leaves the old one.
 */
export async function writeGreeting(
  boxes: string,
  { line, kind, wav }: { line: string; kind: GreetingKind; wav: Buffer },
  settled: () => void,
): Promise<void> {
  const file = fileOf(boxes, line, kind)
  const draft = `${file}.new`
  const owner = await makeFolder(dirname(file))
  try {
    await writeDurably(draft, wav, 0o640, isRoot() ? owner : undefined)
    settled()
    await rename(draft, file)
  } catch (error) {
    // What is left of it would take the place that the disk lacks.
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(file))
  await removeOthers(boxes, line, kind)
}

/** Removes it in every format. False when there is none. */
export async function removeGreeting(
  boxes: string,
  { line, kind }: { line: string; kind: GreetingKind },
  settled: () => void,
): Promise<boolean> {
  const file = fileOf(boxes, line, kind)
  const isThere = (await orNothing(stat(file))) !== undefined
  if (isThere) settled()
  await removeOthers(boxes, line, kind)
  if (!isThere) return false
  await rm(file, { force: true })
  await syncFolder(dirname(file))
  return true
}

/**
 * Other formats of a greeting (gsm, WAV49 …): Asterisk plays the one that costs it least
 * for the codec of the call, so one caller would hear another greeting than the next.
 */
async function removeOthers(
  boxes: string,
  line: string,
  kind: GreetingKind,
): Promise<void> {
  const folder = join(boxes, line)
  const names = (await orNothing(readdir(folder))) ?? []
  for (const name of names) {
    const isOther = name.startsWith(`${NAMES[kind]}.`) && name !== `${NAMES[kind]}.wav`
    if (isOther) await rm(join(folder, name), { force: true })
  }
}

/** As Asterisk would make it: of the owner of what is around it, who adds messages to it. */
async function makeFolder(path: string): Promise<Owner> {
  const found = await orNothing(stat(path))
  if (found) return found
  const owner = await makeFolder(dirname(path))
  await mkdir(path, { recursive: true, mode: 0o750 })
  if (isRoot()) await chown(path, owner.uid, owner.gid)
  return owner
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

function fileOf(boxes: string, line: string, kind: GreetingKind): string {
  return join(boxes, line, `${NAMES[kind]}.wav`)
}
