import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Finding, finding } from '../model/finding.js'

/** A site file's text, or why it could not be read. */
export type FileText =
  | {
      readonly kind: 'text'
      readonly text: string
      readonly warnings: readonly Finding[]
    }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

const MAX_BYTES = 64 * 1024 * 1024

/**
 * Reads one consistent version of a regular file (row Y39): everything is asked of one
 * open file, so a rename meanwhile changes nothing, and a write meanwhile is seen.
 */
export async function readSiteFile(path: string): Promise<FileText> {
  let file: FileHandle
  try {
    // Without NONBLOCK a named pipe would wait for a writer for ever.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
    file = await open(path, flags)
  } catch (error) {
    if (error instanceof Error && 'code' in error) return refusedOpen(String(error.code))
    throw error
  }
  try {
    return await readOpen(file)
  } finally {
    await file.close()
  }
}

function refusedOpen(code: string): FileText {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return refused('file.missing', 'there is no such file')
    case 'ELOOP':
      return refused('file.type', 'this is a symbolic link')
    case 'ENXIO':
      return refused('file.type', 'this is a socket or a device')
    default:
      return refused('file.unreadable', `the file cannot be opened (${code})`)
  }
}

async function readOpen(file: FileHandle): Promise<FileText> {
  const before = await file.stat()
  if (!before.isFile()) return refused('file.type', 'this is not a regular file')
  if (before.size > MAX_BYTES) {
    return refused('file.size', `the file has ${before.size} bytes`)
  }
  const bytes = Buffer.alloc(before.size)
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  const after = await file.stat()
  if (length !== before.size || changed(before, after)) {
    return refused('file.changed', 'the file was written to while it was read')
  }
  return decoded(bytes, before)
}

function changed(before: Stats, after: Stats): boolean {
  return before.mtimeMs !== after.mtimeMs || before.size !== after.size
}

function decoded(bytes: Buffer, { mode }: Stats): FileText {
  let text: string
  try {
    // Takes a UTF-8 byte order mark away; UTF-16 is no UTF-8.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError)
      return refused('file.encoding', 'the file is not UTF-8')
    throw error
  }
  const readable = (mode & 0o004) !== 0
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  const warnings = readable
    ? [
        finding(
          'file.mode',
          [],
          `every user of this machine can read the file (${octal})`,
        ),
      ]
    : []
  return { kind: 'text', text, warnings }
}

function refused(code: Parameters<typeof finding>[0], message: string): FileText {
  return { kind: 'refused', findings: [finding(code, [], message)] }
}
