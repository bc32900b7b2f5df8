import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { GeneratedFile } from './deployment.js'
import { codeOf, syncFolder, writeDurably } from './durable-file.js'
import { digest, folderOf, type Generation, SITE_FILE } from './generation.js'

/** What `DIR/etc/current` names. */
export interface Deployed {
  /** The folder's name in `DIR/etc`. */
  readonly folder: string
  readonly hash: string
  /** As they stand on the disk, edited or not. */
  readonly files: readonly GeneratedFile[]
  /** Files that are no longer what was written: edited, removed or put there. */
  readonly drift: readonly string[]
}

/** The account Asterisk reads the files as; absent when it is our own. */
export interface Reader {
  readonly gid: number
}

/** What was written, by file: how an edit by hand is told. */
interface Manifest {
  readonly hash: string
  readonly digests: Readonly<Record<string, string>>
}

const MANIFEST = 'generation.json'
const CURRENT = 'current'
const DRAFT = '.draft-'
const KEPT = 5

/** Undefined before the first apply. */
export async function readDeployed(dir: string): Promise<Deployed | undefined> {
  const folder = await currentFolder(dir)
  return folder === undefined ? undefined : readFolder(dir, folder)
}

/** The folder `current` names; undefined before the first apply. */
export async function currentFolder(dir: string): Promise<string | undefined> {
  try {
    return await readlink(join(etc(dir), CURRENT))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Writes a generation beside the others under its final name, whole and durable.
 * One that is there already is used if it is untouched.
 */
export async function stageGeneration(
  dir: string,
  generation: Generation,
  reader?: Reader,
): Promise<string> {
  const folder = folderOf(generation.hash)
  const place = join(etc(dir), folder)
  if (await exists(place)) {
    const there = await readFolder(dir, folder)
    if (there.hash === generation.hash && there.drift.length === 0) {
      // Used again, so it is among the youngest when the old ones are removed.
      await utimes(place, new Date(), new Date())
      return folder
    }
    await setAsideEdited(dir, folder)
  }
  const draft = join(etc(dir), `${DRAFT}${generation.hash}`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o750 })
  // Together: each waits for the disk.
  const written = generation.files.map(({ name, text }) => {
    // The controller reads the site file, Asterisk does not: it holds every password.
    const mode = name === SITE_FILE ? 0o600 : 0o640
    return writeDurably(join(draft, name), text, mode, reader)
  })
  await Promise.all(written)
  await writeDurably(join(draft, MANIFEST), manifestOf(generation), 0o600)
  await chmod(draft, 0o750)
  if (reader) await chown(draft, -1, reader.gid)
  await syncFolder(draft)
  await rename(draft, place)
  await syncFolder(etc(dir))
  return folder
}

/**
 * Makes `current` name another folder. There is no moment without one: a rename
 * replaces the link at once. A missing configuration would empty PJSIP (L13).
 */
export async function pointCurrentTo(dir: string, folder: string): Promise<void> {
  if (!(await exists(join(etc(dir), folder)))) {
    throw new Error(`${join(etc(dir), folder)}: this generation is gone`)
  }
  const draft = join(etc(dir), `${CURRENT}.new`)
  await rm(draft, { force: true })
  await symlink(folder, draft)
  await rename(draft, join(etc(dir), CURRENT))
  await syncFolder(etc(dir))
}

/**
 * Removes drafts of applies that died and all generations but the current one and
 * the last few. Edited ones stay: they hold somebody's work.
 */
export async function pruneGenerations(dir: string): Promise<void> {
  const current = await currentFolder(dir)
  const names = await readdir(etc(dir))
  for (const name of names.filter((found) => found.startsWith(DRAFT))) {
    await rm(join(etc(dir), name), { recursive: true, force: true })
  }
  const old: { name: string; changedMs: number }[] = []
  for (const name of names.filter((found) => found.startsWith('gen-'))) {
    if (name === current) continue
    old.push({ name, changedMs: (await lstat(join(etc(dir), name))).ctimeMs })
  }
  old.sort((a, b) => b.changedMs - a.changedMs)
  for (const { name } of old.slice(KEPT - 1)) {
    const { drift } = await readFolder(dir, name)
    if (drift.length === 0) await removeFolder(dir, name)
  }
}

async function readFolder(dir: string, folder: string): Promise<Deployed> {
  const place = join(etc(dir), folder)
  const files: GeneratedFile[] = []
  let manifest: Manifest = { hash: '', digests: {} }
  for (const name of (await readdir(place)).sort()) {
    const text = await readFile(join(place, name), 'utf8')
    if (name === MANIFEST) manifest = parseManifest(text)
    else files.push({ name, text })
  }
  const found = new Map(files.map(({ name, text }) => [name, digest(text)]))
  const names = new Set([...found.keys(), ...Object.keys(manifest.digests)])
  const drift = [...names].filter((name) => found.get(name) !== manifest.digests[name])
  return { folder, hash: manifest.hash, files, drift: drift.sort() }
}

/**
 * An edited folder whose name is needed again. If it is the current one, a folder
 * with the same files takes its place first, so that `current` names a complete
 * one throughout and the edit can still be returned to.
 */
async function setAsideEdited(dir: string, folder: string): Promise<void> {
  const place = join(etc(dir), folder)
  const kept = `edited-${folder.slice('gen-'.length)}-${Date.now()}`
  const { mode, gid } = await lstat(place)
  await mkdir(join(etc(dir), kept), { mode })
  await chown(join(etc(dir), kept), -1, gid)
  for (const name of await readdir(place)) {
    await link(join(place, name), join(etc(dir), kept, name))
  }
  await syncFolder(join(etc(dir), kept))
  if ((await currentFolder(dir)) === folder) await pointCurrentTo(dir, kept)
  await removeFolder(dir, folder)
}

/** Under a draft's name first: half a folder must never look like a generation. */
async function removeFolder(dir: string, folder: string): Promise<void> {
  const draft = join(etc(dir), `${DRAFT}${folder}`)
  await rm(draft, { recursive: true, force: true })
  await rename(join(etc(dir), folder), draft)
  await rm(draft, { recursive: true })
}

function manifestOf({ hash, files }: Generation): string {
  const digests = Object.fromEntries(files.map(({ name, text }) => [name, digest(text)]))
  return `${JSON.stringify({ hash, digests } satisfies Manifest, undefined, 1)}\n`
}

/** One that cannot be read says nothing about any file: everything is drift. */
function parseManifest(text: string): Manifest {
  try {
    const { hash, digests } = JSON.parse(text) as Partial<Manifest>
    return { hash: hash ?? '', digests: digests ?? {} }
  } catch (error) {
    if (error instanceof SyntaxError) return { hash: '', digests: {} }
    throw error
  }
}

function etc(dir: string): string {
  return join(dir, 'etc')
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}
