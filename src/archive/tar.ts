/** The size of a header and of the grain of contents (POSIX.1-1988, ustar). */
const BLOCK = 512

/** A regular file in a tar archive; nothing else is written or taken. */
export interface TarEntry {
  readonly name: string
  readonly size: number
  readonly mode: number
  /** Seconds since 1970. */
  readonly modifiedAt: number
}

/** An archive that is not as it was written. */
export class ArchiveDamaged extends Error {
  override name = 'ArchiveDamaged'
}

/** The header of a file. Throws when its name or size has no place in one. */
export function tarHeader({ name, size, mode, modifiedAt }: TarEntry): Buffer {
  const { prefix, base } = splitName(name)
  if (size >= 0o77777777777) throw new Error(`tarHeader: ${name} is too large`)
  const header = Buffer.alloc(BLOCK)
  const put = (text: string, at: number): void => {
    header.write(text, at, 'utf8')
  }
  const octal = (value: number, digits: number): string =>
    `${Math.floor(value).toString(8).padStart(digits, '0')}\0`
  put(base, 0)
  put(octal(mode & 0o7777, 7), 100)
  put(octal(0, 7), 108)
  put(octal(0, 7), 116)
  put(octal(size, 11), 124)
  put(octal(modifiedAt, 11), 136)
  put('        ', 148)
  put('0', 156)
  put('ustar\x0000', 257)
  put(prefix, 345)
  put(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** What fills the last block of a file. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
}

/** Two empty blocks end an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK)

/** Reads the files of an archive one after the other; throws ArchiveDamaged. */
export async function* readTar(
  bytes: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly entry: TarEntry; readonly content: AsyncIterable<Buffer> }> {
  const source = new Source(bytes)
  for (;;) {
    const header = await source.exactly(BLOCK)
    if (header.every((byte) => byte === 0)) {
      // Only at the end of all bytes has their own sum been checked.
      await source.rest()
      return
    }
    const entry = readHeader(header)
    let left = entry.size
    const content = async function* (): AsyncGenerator<Buffer> {
      while (left > 0) {
        const piece = await source.atMost(left)
        left -= piece.length
        yield piece
      }
    }
    yield { entry, content: content() }
    while (left > 0) left -= (await source.atMost(left)).length
    await source.exactly(tarPadding(entry.size).length)
  }
}

function readHeader(header: Buffer): TarEntry {
  const text = (from: number, length: number): string => {
    const field = header.subarray(from, from + length)
    const end = field.indexOf(0)
    return field.subarray(0, end === -1 ? length : end).toString('utf8')
  }
  const number = (from: number, length: number): number => {
    const digits = text(from, length).trim()
    if (!/^[0-7]+$/.test(digits)) throw new ArchiveDamaged('a header is no tar header')
    return Number.parseInt(digits, 8)
  }
  const sum = number(148, 8)
  const blank = Buffer.from(header)
  blank.write('        ', 148)
  if (sumOf(blank) !== sum) throw new ArchiveDamaged('the sum of a header is wrong')
  const name = [text(345, 155), text(0, 100)].filter((part) => part !== '').join('/')
  // Links, devices and folders have no business here (T37).
  if (text(156, 1) !== '0') throw new ArchiveDamaged(`${name} is no regular file`)
  return {
    name: safeName(name),
    size: number(124, 12),
    mode: number(100, 8),
    modifiedAt: number(136, 12),
  }
}

/** Only what lies below the folder it is unpacked into. */
function safeName(name: string): string {
  const parts = name.split('/')
  const isPlain = parts.every(
    (part) => /^[\w@+=,%~ .-]+$/.test(part) && !/^\.+$/.test(part),
  )
  if (isPlain && name.length <= 255) return name
  throw new ArchiveDamaged('a name in it leads elsewhere')
}

function splitName(name: string): { readonly prefix: string; readonly base: string } {
  if (Buffer.byteLength(name) <= 100) return { prefix: '', base: name }
  const cut = name.lastIndexOf('/', 155)
  const [prefix, base] = [name.slice(0, cut), name.slice(cut + 1)]
  if (cut > 0 && Buffer.byteLength(base) <= 100 && Buffer.byteLength(prefix) <= 155) {
    return { prefix, base }
  }
  throw new Error(`tarHeader: the name ${name} is too long`)
}

function sumOf(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0)
}

/** Bytes that come in pieces, taken in others. */
class Source {
  readonly #bytes: AsyncIterator<Buffer>
  #piece: Buffer = Buffer.alloc(0)

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#bytes = bytes[Symbol.asyncIterator]()
  }

  async atMost(length: number): Promise<Buffer> {
    if (this.#piece.length === 0) {
      const next = await this.#bytes.next()
      if (next.done) throw new ArchiveDamaged('it ends too early')
      this.#piece = next.value
    }
    const taken = this.#piece.subarray(0, length)
    this.#piece = this.#piece.subarray(taken.length)
    return taken
  }

  async rest(): Promise<void> {
    while (!(await this.#bytes.next()).done);
  }

  async exactly(length: number): Promise<Buffer> {
    const pieces: Buffer[] = []
    for (let left = length; left > 0; ) {
      const piece = await this.atMost(left)
      left -= piece.length
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  }
}
