import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { syncFolder } from '../config/durable-file.js'
import { EnvironmentError } from '../instance/environment-error.js'
import { callLogFile } from '../store/call-log.js'
import { copyStore } from '../store/copy.js'
import { storeFile } from '../store/database.js'
import { version } from '../version.js'
import { TAR_END, tarHeader, tarPadding } from './tar.js'

/** The last file of a backup: what is in it, so that nothing can be missing unnoticed. */
export const MANIFEST = 'manifest.json'

export interface Manifest {
  readonly format: 1
  readonly version: string
  readonly createdAt: string
  readonly files: readonly {
    readonly name: string
    readonly size: number
    readonly sha256: string
  }[]
}

/** A file to be kept: where it lies, and its name in the backup, as below the state folder. */
interface Kept {
  readonly path: string
  readonly name: string
}

/** Folders that are kept whole: recordings, faxes, and what the operator wrote himself. */
const FOLDERS = ['spool/voicemail', 'spool/fax', 'etc/custom', 'prompts']

/**
 * Writes all that a state folder cannot make again into one file, mode 0600, while the
 * system runs: the store as of one instant, secrets, the deployed site, recordings.
 */
export async function backup(
  dir: string,
  file: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  if (!existsSync(join(dir, 'secrets.json'))) {
    throw new EnvironmentError(
      'dir.notDeployed',
      `${dir}: there is nothing to back up. Name the state folder with --dir DIR`,
    )
  }
  const target = resolve(file)
  const copies = await mkdtemp(join(dirname(target), '.linekeeper-backup-'))
  const draft = `${target}.${process.pid}.new`
  try {
    const kept = [...storeCopies(dir, copies), ...single(dir), ...(await recordings(dir))]
    const manifest: Manifest['files'][number][] = []
    const archive = Readable.from(archived(kept, manifest))
    await pipeline(
      archive,
      createGzip({ level: 6 }),
      createWriteStream(draft, { mode: 0o600 }),
    )
    await settle(draft, target)
    const { size } = await stat(target)
    return { files: manifest.length, bytes: size }
  } finally {
    await rm(copies, { recursive: true, force: true })
    await rm(draft, { force: true })
  }
}

function storeCopies(dir: string, copies: string): Kept[] {
  return [storeFile(dir), callLogFile(dir)].filter(existsSync).map((from) => {
    const name = from.slice(resolve(dir).length + 1)
    const path = join(copies, name.replace('/', '-'))
    copyStore(from, path)
    return { path, name }
  })
}

function single(dir: string): Kept[] {
  const names = [
    ['secrets.json', 'secrets.json'],
    ['api-token', 'api-token'],
    ['etc/current/site.yaml', 'site.yaml'],
  ] as const
  return names
    .map(([from, name]) => ({ path: join(dir, from), name }))
    .filter(({ path }) => existsSync(path))
}

async function recordings(dir: string): Promise<Kept[]> {
  const found: Kept[] = []
  for (const folder of FOLDERS) {
    const root = join(dir, folder)
    if (!existsSync(root)) continue
    const entries = await readdir(root, { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      // A link leads to what is somebody else's to keep.
      if (!entry.isFile() || entry.name === '.lock') continue
      const path = join(entry.parentPath, entry.name)
      found.push({ path, name: path.slice(resolve(dir).length + 1) })
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The archive's bytes, one file after the other; each is read once, at one instant. */
async function* archived(
  kept: readonly Kept[],
  files: Manifest['files'][number][],
): AsyncGenerator<Buffer> {
  for (const { path, name } of kept) {
    const content = await readIfThere(path)
    // A message that was deleted while we walked is no message any more.
    if (!content) continue
    const { mode, mtimeMs } = await stat(path).catch(() => ({ mode: 0o600, mtimeMs: 0 }))
    const sha256 = createHash('sha256').update(content).digest('hex')
    files.push({ name, size: content.length, sha256 })
    yield* entryOf(name, content, { mode, modifiedAt: mtimeMs / 1000 })
  }
  const createdAt = new Date().toISOString()
  const manifest: Manifest = { format: 1, version, createdAt, files }
  const text = Buffer.from(JSON.stringify(manifest))
  yield* entryOf(MANIFEST, text, { mode: 0o600, modifiedAt: Date.now() / 1000 })
  yield TAR_END
}

function* entryOf(
  name: string,
  content: Buffer,
  { mode, modifiedAt }: { readonly mode: number; readonly modifiedAt: number },
): Generator<Buffer> {
  yield tarHeader({ name, size: content.length, mode, modifiedAt })
  yield content
  yield tarPadding(content.length)
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return undefined
    throw error
  }
}

/** The file is there whole, or not at all. */
async function settle(draft: string, target: string): Promise<void> {
  const file = await open(draft, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, target)
  await syncFolder(dirname(target))
}
