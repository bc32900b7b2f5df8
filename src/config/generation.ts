import { createHash } from 'node:crypto'
import type { GeneratedFile } from './deployment.js'

/** A complete set of files, with the name its content gives it. */
export interface Generation {
  /** 16 hex digits, also the value of `LK_GEN` in the running dialplan. */
  readonly hash: string
  /** The files of Asterisk, sealed, and `site.yaml`. */
  readonly files: readonly GeneratedFile[]
}

/** The site file a generation was made of, byte for byte: the controller runs on it. */
export const SITE_FILE = 'site.yaml'
const DIALPLAN = 'extensions.conf'

/** The files rendered for a site, with the site file itself among them. */
export function withSiteFile(
  rendered: readonly GeneratedFile[],
  siteText: string,
): GeneratedFile[] {
  return [...rendered, { name: SITE_FILE, text: siteText }]
}

/**
 * Gives the files their hash and writes it into the dialplan, where the running
 * Asterisk can be asked for it: a reload says "fine" whatever happened (L12), but
 * the last section of a file is only there if all before it was read (L25). The
 * hash is that of the files without this section.
 */
export function sealGeneration(files: readonly GeneratedFile[]): Generation {
  const hash = hashOf(files)
  return {
    hash,
    files: files.map(({ name, text }) =>
      name === DIALPLAN ? { name, text: text + sentinel(hash) } : { name, text },
    ),
  }
}

/** The files as they were before they were sealed. */
export function unsealed(files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.map(({ name, text }) =>
    name === DIALPLAN ? { name, text: text.replace(SENTINEL, '') } : { name, text },
  )
}

/** The name of a generation's folder. */
export function folderOf(hash: string): string {
  return `gen-${hash}`
}

/** The digest of one file's text, to see later whether somebody edited it. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hashOf(files: readonly GeneratedFile[]): string {
  const hash = createHash('sha256')
  for (const { name, text } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    // Name and length first, so that no text can imitate the end of another.
    hash.update(`${name} ${Buffer.byteLength(text)}\n`).update(text)
  }
  return hash.digest('hex').slice(0, 16)
}

function sentinel(hash: string): string {
  return `\n[globals]\nLK_GEN=${hash}\n`
}

const SENTINEL = /\n\[globals\]\nLK_GEN=[0-9a-f]{16}\n$/
