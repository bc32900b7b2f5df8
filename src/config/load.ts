import { buildSite } from '../model/build-site.js'
import type { Finding, Path } from '../model/finding.js'
import { show } from '../model/refusal.js'
import type { Site } from '../model/site.js'
import { readSiteFile } from './load-file.js'
import { readText } from './load-large.js'
import type { Position, Yaml } from './load-yaml.js'

/** A finding with its place in a file. */
export interface Located extends Finding {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number
  /** The place of `also`. */
  readonly alsoAt?: Position
}

/** A site file, checked; refused with every reason at once, warnings among them. */
export type Loaded =
  | { readonly kind: 'site'; readonly site: Site; readonly warnings: readonly Located[] }
  | { readonly kind: 'refused'; readonly findings: readonly Located[] }

/** Reads and checks a site file. */
export async function loadSite(path: string): Promise<Loaded> {
  const read = await readSiteFile(path)
  const atStart = (findings: readonly Finding[]) =>
    findings.map((each): Located => ({ ...each, file: path, line: 1, column: 1 }))
  if (read.kind === 'refused')
    return { kind: 'refused', findings: atStart(read.findings) }

  const loaded = readSite(read.text, path)
  const warnings = atStart(read.warnings)
  return loaded.kind === 'site'
    ? { ...loaded, warnings: [...warnings, ...loaded.warnings] }
    : { ...loaded, findings: [...warnings, ...loaded.findings] }
}

/** Checks the text of a site file; `origin` is the name that findings give it. */
export function readSite(text: string, origin: string): Loaded {
  const yaml = readText(text)
  const syntax = yaml.findings.map(({ finding, offset }): Located => {
    return { ...finding, file: origin, ...yaml.positionOf(offset) }
  })
  if (yaml.broken) return { kind: 'refused', findings: inOrder(syntax) }

  const { site, findings } = buildSite(yaml.document)
  // What the syntax has spoilt has been said: the model would only say it again.
  const spoilt = new Set(yaml.findings.map(({ finding }) => finding.path.join()))
  const located = findings
    .filter(({ path }) => path.length === 0 || !spoilt.has(path.join()))
    .map((each) => locate(asWritten(each, yaml), yaml, origin))
  return site && syntax.length === 0
    ? { kind: 'site', site, warnings: inOrder(located) }
    : { kind: 'refused', findings: inOrder([...syntax, ...located]) }
}

function locate(found: Finding, yaml: Yaml, file: string): Located {
  const at = (path: Path, ofKey: boolean) =>
    yaml.positionOf(yaml.map?.offsetOf(path, ofKey) ?? 0)
  const here = at(found.path, found.ofKey ?? false)
  if (!found.also) return { ...found, file, ...here }
  const alsoAt = at(found.also, false)
  const message = `${found.message} (the other is at ${alsoAt.line}:${alsoAt.column})`
  return { ...found, message, file, ...here, alsoAt }
}

/** YAML has dropped the zero of `0612345678`; the message shows what was written. */
function asWritten(found: Finding, yaml: Yaml): Finding {
  if (found.code !== 'number.unquoted') return found
  const written = yaml.map?.writtenNumber(found.path)
  if (written === undefined) return found
  const shown = show(written, found.path)
  if (shown === '***') return found
  return {
    ...found,
    message: `${found.message}: it is written ${written} without quotes`,
    remedy: `write ${shown}: quote telephone numbers and codes`,
  }
}

/** As somebody reads the file, whichever check found it. */
function inOrder(findings: readonly Located[]): readonly Located[] {
  return [...findings].sort((a, b) => a.line - b.line || a.column - b.column)
}
