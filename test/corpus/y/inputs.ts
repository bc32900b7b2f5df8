import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

export const baseText = readFileSync(join(import.meta.dirname, 'base.yaml'), 'utf8')

/** Makes the input of a case in an empty folder, and returns its path. */
type Maker = (folder: string) => string | Promise<string>

const levels = 5000

/** Inputs that are no change of a piece of text. */
export const makers: Readonly<Record<string, Maker>> = {
  latin1: (folder) => file(folder, Buffer.from(baseText, 'latin1')),
  utf16: (folder) => file(folder, Buffer.from(`\ufeff${baseText}`, 'utf16le')),
  utf8Mark: (folder) => file(folder, `\ufeff${baseText}`),

  aliasBomb: (folder) => file(folder, aliasBomb(9, 9)),
  anchors: (folder) =>
    file(
      folder,
      rows(10_000, (at) => `- &a${at} { name: x${at} }`),
    ),
  aliases: (folder) => file(folder, `- &a { name: x }\n${rows(10_000, () => '- *a')}`),
  brackets: (folder) => file(folder, `lines: ${'['.repeat(levels)}`),
  braces: (folder) => file(folder, `lines: ${'{a: '.repeat(levels)}`),
  indented: (folder) =>
    file(
      folder,
      rows(levels, (at) => `${' '.repeat(at)}a:`),
    ),
  dashes: (folder) => file(folder, `lines:\n  ${'- '.repeat(levels)}x\n`),
  questions: (folder) => file(folder, `lines:\n  ${'? '.repeat(levels)}x\n`),

  longName: (folder) =>
    file(folder, baseText.replace('name: Alice', `name: ${'a'.repeat(10_000)}`)),
  mode0644: (folder) => file(folder, baseText, 0o644),
  mode0640: (folder) => file(folder, baseText, 0o640),

  chainOfFive: (folder) => file(folder, chain(5)),
  chainOfSix: (folder) => file(folder, chain(6)),

  megabytes40: (folder) => file(folder, manyLines(20_000, 2_000)),
  megabytes65: (folder) => {
    const path = file(folder, baseText)
    truncateSync(path, 65 * 1024 * 1024)
    return path
  },

  fifo: (folder) => {
    execFileSync('mkfifo', [at(folder)])
    return at(folder)
  },
  folder: (folder) => {
    mkdirSync(at(folder))
    return at(folder)
  },
  device: () => '/dev/zero',
  socket: (folder) =>
    new Promise((resolve) => {
      // The kernel keeps the name of a socket that nobody listens on any more.
      const server = createServer().listen(at(folder), () => resolve(at(folder)))
      server.unref()
    }),
  link: (folder) => {
    symlinkSync('/etc/shadow', at(folder))
    return at(folder)
  },
  missing: (folder) => at(folder),
  belowFile: (folder) => join(file(folder, baseText), 'site.yaml'),
}

/** Writes a site file that only its owner may read, unless the case is about that. */
export function file(folder: string, content: string | Buffer, mode = 0o600): string {
  writeFileSync(at(folder), content, { mode })
  return at(folder)
}

function at(folder: string): string {
  return join(folder, 'site.yaml')
}

/** The base with pieces of it replaced; throws when one is not there exactly once. */
export function replaced(pieces: Readonly<Record<string, string>>): string {
  return Object.entries(pieces).reduce((text, [piece, by]) => {
    const [before, after, more] = text.split(piece)
    if (before === undefined || after === undefined || more !== undefined) {
      throw new Error(`replaced: ${JSON.stringify(piece)} is not there exactly once`)
    }
    return `${before}${by}${after}`
  }, baseText)
}

/** A site of so many lines, each with so many bytes of comment. */
export function manyLines(count: number, padding = 0): string {
  const comment = padding > 0 ? `    # ${'x'.repeat(padding)}\n` : ''
  const lines = Array.from({ length: count }, (_, line) => {
    const number = `00339${String(line).padStart(8, '0')}`
    return `  - number: "${number}"
    name: Line ${line}
    password: ${`Zt5nB8uHc3Jp${line.toString(36)}`}
    plan: entreprise
    voicemail: { pin: "824613" }
    forwarding: { noAnswer: { after: 20, to: voicemail }, busy: { to: "0612345678" } }
${comment}`
  })
  const [head = '', rest = ''] = baseText.split('lines:\n')
  const trunks = rest.slice(rest.indexOf('trunks:'))
  return `${head}lines:\n${lines.join('')}${trunks}`
}

/** Lines that each forward to the next one, so many times. */
function chain(forwards: number): string {
  const number = (line: number): string => `00339721010${String(line).padStart(2, '0')}`
  const lines = Array.from({ length: forwards + 1 }, (_, line) => {
    const to = line < forwards ? `{ busy: { to: "${number(line + 1)}" } }` : '{}'
    return `  - { number: "${number(line)}", name: x, password: Zt5nB8uHc3JpA${line}, plan: entreprise, forwarding: ${to} }\n`
  })
  return baseText.replace('lines:\n', `lines:\n${lines.join('')}`)
}

/** Each level is the one below, so many times. */
function aliasBomb(depth: number, width: number): string {
  const list = (name: string): string => `[${Array(width).fill(name).join(', ')}]`
  return rows(depth, (level) =>
    level === 0
      ? `a0: &a0 ${list('x')}`
      : `a${level}: &a${level} ${list(`*a${level - 1}`)}`,
  )
}

function rows(count: number, row: (at: number) => string): string {
  return `${Array.from({ length: count }, (_, index) => row(index)).join('\n')}\n`
}
