import { readFileSync } from 'node:fs'
import { readSite } from '../../../src/config/load.js'
import type { Site } from '../../../src/model/site.js'

/** The site file that comes with the program. */
export function exampleSite(): Site {
  const path = new URL('../../../examples/site.yaml', import.meta.url)
  const loaded = readSite(readFileSync(path, 'utf8'), 'site.yaml')
  if (loaded.kind === 'site') return loaded.site
  throw new Error(loaded.findings.map(({ message }) => message).join('\n'))
}
