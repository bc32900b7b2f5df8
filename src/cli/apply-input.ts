import { type Located, readSite } from '../config/load.js'
import { readSiteFile } from '../config/load-file.js'
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
