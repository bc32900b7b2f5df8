import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a deployment lies when `--dir` does not say: the same for every command. */
export function defaultDir(): string {
  const { LINEKEEPER_DIR: named } = process.env
  if (named) return named
  return process.getuid?.() === 0
    ? '/var/lib/linekeeper'
    : join(homedir(), '.local/state/linekeeper')
}
