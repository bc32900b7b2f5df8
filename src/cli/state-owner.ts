import { statSync } from 'node:fs'

/**
 * Root becomes, for good, the account that a state folder belongs to: what root wrote
 * there, the service of that account could not read.
 */
export function actAsOwner(dir: string): void {
  if (process.getuid?.() !== 0) return
  const owner = statSync(dir, { throwIfNoEntry: false })
  if (!owner || owner.uid === 0) return
  process.setgroups?.([owner.gid])
  process.setgid?.(owner.gid)
  process.setuid?.(owner.uid)
}
