import { readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** The generation of configuration that is deployed, if any. */
export function generationOf(dir: string): string | null {
  try {
    return readlinkSync(join(dir, 'etc/current')).replace(/^gen-/, '')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
