import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The system's name of a failed call: `ENOENT`, `EEXIST`, `ENOSPC`, … */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/**
 * Replaces a file so that a power loss leaves the old or the new one, whole: only
 * write + fsync + rename + fsync of the folder survived in every trial (L21).
 */
export async function replaceFile(
  path: string,
  text: string,
  mode: number,
): Promise<void> {
  const draft = `${path}.new`
  await writeDurably(draft, text, mode)
  await rename(draft, path)
  await syncFolder(dirname(path))
}

export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  mode: number,
  owner?: { readonly uid?: number; readonly gid: number },
): Promise<void> {
  const file = await open(path, 'w', mode)
  try {
    await file.writeFile(content)
    // The mode given to open is cut by the umask.
    await file.chmod(mode)
    if (owner) await file.chown(owner.uid ?? -1, owner.gid)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A new name in a folder survives a power loss only once the folder is synced. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
