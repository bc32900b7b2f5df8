import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chownSync,
  createReadStream,
  createWriteStream,
  existsSync,
  type ReadStream,
  readdirSync,
} from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { z } from 'zod'
import { syncFolder } from '../config/durable-file.js'
import type { User } from '../instance/user.js'
import { checkStore } from '../store/copy.js'
import { MANIFEST } from './backup.js'
import { ArchiveDamaged, readTar } from './tar.js'

const Manifest = z.object({
  format: z.literal(1),
  version: z.string(),
  createdAt: z.string(),
  files: z.array(z.object({ name: z.string(), size: z.int(), sha256: z.string() })),
})

/** What a restored backup was. */
export interface Restored {
  readonly createdAt: string
  readonly version: string
  readonly files: number
  /** Where what was there before now lies. */
  readonly replaced: string | undefined
}

/** Below the state folder, what a backup may hold; all else stays as it is. */
const PLACES = [
  'store',
  'secrets.json',
  'api-token',
  'site.yaml',
  'spool',
  'etc',
  'prompts',
]

/**
 * Sound and tables shrink to a third at best: what unpacks to so many times its own size
 * is made to fill the disk. Small ones may be full of zeros.
 */
const MOST_TIMES = 100
const ALWAYS_TAKEN_BYTES = 64 * 1024 ** 2

/** What makes a state folder one that is in use. */
export function isInUse(dir: string): boolean {
  return ['store', 'secrets.json', 'site.yaml'].some((name) =>
    existsSync(join(dir, name)),
  )
}

/** Rejects with the system's error when the file cannot be read. */
export async function openArchive(file: string): Promise<ReadStream> {
  const archive = createReadStream(file)
  await once(archive, 'open')
  return archive
}

/**
 * Puts a backup into a state folder. It is unpacked and checked beside it first: a
 * damaged one changes nothing. Throws ArchiveDamaged, StoreUnavailable.
 */
export async function restore(
  archive: ReadStream,
  dir: string,
  user: User | undefined,
): Promise<Restored> {
  await mkdir(dir, { recursive: true, mode: 0o755 })
  const draft = await mkdtemp(join(dir, '.restore-'))
  try {
    const manifest = await unpack(archive, draft)
    for (const name of ['store/linekeeper.db', 'store/calls.db']) {
      if (existsSync(join(draft, name))) checkStore(join(draft, name))
    }
    if (user) giveTo(join(draft, 'spool'), user)
    const replaced = isInUse(dir) ? join(dir, `replaced-${stamp()}`) : undefined
    await moveInto(draft, dir, replaced)
    const { createdAt, version, files } = manifest
    return { createdAt, version, files: files.length, replaced }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function unpack(
  zipped: ReadStream,
  draft: string,
): Promise<z.infer<typeof Manifest>> {
  const sums = new Map<string, string>()
  const { size } = await stat(zipped.path)
  let room = Math.max(ALWAYS_TAKEN_BYTES, MOST_TIMES * size)
  const bytes = createGunzip()
  try {
    zipped.on('error', (error) => bytes.destroy(error)).pipe(bytes)
    for await (const { entry, content } of readTar(bytes)) {
      if (
        !PLACES.some(
          (place) => entry.name === place || entry.name.startsWith(`${place}/`),
        )
      ) {
        if (entry.name !== MANIFEST)
          throw new ArchiveDamaged(`${entry.name} is no part of it`)
      }
      room -= entry.size
      if (room < 0) throw new ArchiveDamaged('it would unpack to more than it can hold')
      const path = join(draft, entry.name)
      await mkdir(dirname(path), { recursive: true, mode: 0o750 })
      const hash = createHash('sha256')
      const hashed = async function* (): AsyncGenerator<Buffer> {
        for await (const piece of content) {
          hash.update(piece)
          yield piece
        }
      }
      const mode = entry.mode & 0o770
      await pipeline(hashed(), createWriteStream(path, { mode, flags: 'wx' }))
      await utimes(path, entry.modifiedAt, entry.modifiedAt)
      sums.set(entry.name, hash.digest('hex'))
    }
  } catch (error) {
    if (error instanceof ArchiveDamaged || !(error instanceof Error)) throw error
    // The unpacker's own words: a wrong sum, an end too early.
    if ('code' in error && /^(?:Z_|EEXIST)/.test(String(error.code)))
      throw new ArchiveDamaged(error.message, { cause: error })
    throw error
  }
  return await checked(draft, sums)
}

async function checked(
  draft: string,
  sums: ReadonlyMap<string, string>,
): Promise<z.infer<typeof Manifest>> {
  const path = join(draft, MANIFEST)
  if (!existsSync(path)) throw new ArchiveDamaged('its list of contents is missing')
  const manifest = Manifest.safeParse(parsed(await readFile(path, 'utf8')))
  if (!manifest.success)
    throw new ArchiveDamaged('its list of contents is not one of ours')
  const wrong = manifest.data.files.find(({ name, sha256 }) => sums.get(name) !== sha256)
  if (wrong) throw new ArchiveDamaged(`${wrong.name} is missing or changed`)
  if (sums.size !== manifest.data.files.length + 1)
    throw new ArchiveDamaged('it holds more than its list of contents says')
  await rm(path)
  return manifest.data
}

/** Renames within one file system: each place is the old or the new one, never half. */
async function moveInto(
  draft: string,
  dir: string,
  replaced: string | undefined,
): Promise<void> {
  for (const place of readdirSync(draft)) {
    // Beside what is kept of these, the instance makes its own files there.
    const parts = ['etc', 'prompts'].includes(place)
      ? nested(join(draft, place), place)
      : [place]
    for (const part of parts) {
      const target = join(dir, part)
      if (existsSync(target)) {
        const aside = join(replaced ?? join(dir, `replaced-${stamp()}`), part)
        await mkdir(dirname(aside), { recursive: true, mode: 0o700 })
        await rename(target, aside)
      }
      await mkdir(dirname(target), { recursive: true, mode: 0o755 })
      await rename(join(draft, part), target)
      await syncFolder(dirname(target))
    }
  }
  await syncFolder(dir)
}

function nested(folder: string, name: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(name, entry.parentPath.slice(folder.length), entry.name))
}

/** Recordings are Asterisk's. */
function giveTo(folder: string, { uid, gid }: User): void {
  if (!existsSync(folder)) return
  chownSync(folder, uid, gid)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chownSync(join(entry.parentPath, entry.name), uid, gid)
  }
}

function stamp(): string {
  return new Date().toISOString().replaceAll(/[:.]/g, '-')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
