import { AmiError } from '../ami/ami-error.js'
import { codeOf } from '../config/durable-file.js'
import { type Located, readSite } from '../config/load.js'
import { readSiteFile } from '../config/load-file.js'
import { LockedError } from '../config/lock.js'
import type { Site } from '../model/site.js'

/** A site and the very text it was read from: what is applied is what was checked. */
export type Input =
  | {
      readonly kind: 'site'
      readonly site: Site
      readonly siteText: string
      readonly warnings: readonly Located[]
    }
  | { readonly kind: 'refused'; readonly findings: readonly Located[] }

export async function readInput(path: string): Promise<Input> {
  const read = await readSiteFile(path)
  if (read.kind === 'refused') {
    const findings = read.findings.map((each) => ({
      ...each,
      file: path,
      line: 1,
      column: 1,
    }))
    return { kind: 'refused', findings }
  }
  const loaded = readSite(read.text, path)
  return loaded.kind === 'site' ? { ...loaded, siteText: read.text } : loaded
}

/** A reason that lies with the machine: exit code 5. */
export interface EnvironmentFailure {
  readonly code: string
  readonly message: string
}

/** Undefined for an error that is not the machine's. */
export function environmentFailure(
  error: unknown,
  dir: string,
): EnvironmentFailure | undefined {
  if (error instanceof LockedError) return { code: 'locked', message: error.message }
  if (error instanceof AmiError) return amiFailure(error)
  const system = codeOf(error)
  if (system === undefined || !NOT_OURS.has(system)) return undefined
  const message = error instanceof Error ? error.message : String(error)
  const user = process.getuid?.() ?? 'USER'
  return {
    code: 'dir.notWritable',
    message: `${message}. Run as its owner, or take it over: chown -R ${user} ${dir}`,
  }
}

const NOT_OURS = new Set(['EACCES', 'EPERM', 'EROFS'])

function amiFailure({ kind, message }: AmiError): EnvironmentFailure {
  const remedies: Partial<Record<AmiError['kind'], string>> = {
    unreachable:
      'Start it with "linekeeper up", or say --offline to change the files only',
    notAmi: "The site file's asterisk.ami must be the address of Asterisk's manager",
    inUse: 'Another linekeeper is connected to it, and only one at a time may be',
    wrongPassword: 'It was started with another secrets.json: restart it on this folder',
  }
  const remedy = remedies[kind]
  return { code: `asterisk.${kind}`, message: remedy ? `${message}. ${remedy}` : message }
}
