import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { EnvironmentError } from './environment-error.js'
import type { AsteriskPackage } from './package.js'
import { fillSounds, link } from './sounds.js'
import type { User } from './user.js'

/** What Asterisk writes to, and `data`, which it only reads. */
export type InstanceFolders = {
  dir: string
  run: string
  lib: string
  spool: string
  log: string
  data: string
}

export function instanceFolders(dir: string): InstanceFolders {
  const inDir = (folder: string): string => join(resolve(dir), folder)
  return {
    dir: resolve(dir),
    run: inDir('run'),
    lib: inDir('lib'),
    spool: inDir('spool'),
    log: inDir('log'),
    data: inDir('data'),
  }
}

/**
 * Makes the folders of an instance, owned by the user Asterisk runs as, and checks that
 * this user can reach them and the package. Doing it again changes nothing but `data`,
 * which follows the package.
 */
export function prepareInstance(
  dir: string,
  asterisk: AsteriskPackage,
  user: User | undefined,
): InstanceFolders {
  const folders = instanceFolders(dir)
  mkdirSync(folders.dir, { recursive: true, mode: 0o755 })
  for (const needed of [folders.dir, asterisk.modulesDir, asterisk.dataDir]) {
    if (user) openToUser(needed, folders, user)
    if (user) requireTraversable(needed, user)
  }
  for (const key of ['run', 'lib', 'spool', 'log'] as const) {
    mkdirSync(folders[key], { recursive: true })
    chmodSync(folders[key], 0o750)
    if (user) chownSync(folders[key], user.uid, user.gid)
  }
  // ReceiveFAX and the book of calls write into a folder, and make none.
  for (const needed of [join(folders.spool, 'fax'), join(folders.log, 'cdr-custom')]) {
    mkdirSync(needed, { recursive: true, mode: 0o750 })
    if (user) chownSync(needed, user.uid, user.gid)
  }
  mkdirSync(folders.data, { recursive: true })
  chmodSync(folders.data, 0o755)
  linkData(folders.dir, folders.data, asterisk.dataDir)
  return folders
}

/** Asterisk's data folder: links to all the package holds, and all prompts. */
function linkData(dir: string, data: string, packageData: string): void {
  for (const entry of readdirSync(packageData)) {
    if (entry !== 'sounds') link(join(packageData, entry), join(data, entry))
  }
  const recordings = join(dir, 'prompts')
  fillSounds(join(data, 'sounds'), join(packageData, 'sounds'), recordings)
}

/**
 * Lets the user pass through, and nothing more, where that is ours to allow: the instance
 * folder, and private temporary folders (mktemp makes them 0700) around it.
 */
function openToUser(path: string, folders: InstanceFolders, user: User): void {
  const temporary = `${realpathSync(tmpdir())}/`
  for (const folder of ancestors(realpathSync(path))) {
    if (canTraverse(folder, user)) continue
    const { uid, mode } = statSync(folder)
    const ours = folder === realpathSync(folders.dir) || folder.startsWith(temporary)
    if (!ours || uid !== process.getuid?.()) return
    chownSync(folder, uid, user.gid)
    chmodSync(folder, (mode & 0o7777) | 0o010)
  }
}

function requireTraversable(path: string, user: User): void {
  for (const folder of ancestors(realpathSync(path))) {
    if (canTraverse(folder, user)) continue
    throw new EnvironmentError(
      'dir.notTraversable',
      `${path}: Asterisk runs as the user ${user.name}, who cannot pass through ` +
        `${folder}. Choose a folder elsewhere, for example under /var/lib/linekeeper, ` +
        `or allow it: chmod o+x ${folder}`,
    )
  }
}

/** From the root down, the path itself included. */
function ancestors(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [path] : [...ancestors(parent), path]
}

/** The kernel's rule: the first class that matches decides, even when it denies. */
function canTraverse(folder: string, user: User): boolean {
  const { mode, uid, gid } = statSync(folder)
  if (uid === user.uid) return (mode & 0o100) !== 0
  if (gid === user.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}
