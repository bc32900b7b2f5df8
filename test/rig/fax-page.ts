/**
 * A page as a fax machine scans it: white, 1728 dots wide, in T.4's one-dimensional code,
 * in a TIFF file of one page.
 */
export function faxPage(rows: number): Buffer {
  const image = bytesOf(WHITE_ROW.repeat(rows) + END_OF_LINE.repeat(6))
  // After the head of 8 bytes: the tags, two fractions, the image.
  const tagsLength = 2 + 12 * 14 + 4
  const fractions = 8 + tagsLength
  const tags = [
    tag(256, SHORT, 1728),
    tag(257, SHORT, rows),
    tag(258, SHORT, 1),
    tag(259, SHORT, 3),
    tag(262, SHORT, 0),
    tag(266, SHORT, 1),
    tag(273, LONG, fractions + 16),
    tag(277, SHORT, 1),
    tag(278, SHORT, rows),
    tag(279, LONG, image.length),
    tag(282, FRACTION, fractions),
    tag(283, FRACTION, fractions + 8),
    tag(292, LONG, 0),
    tag(296, SHORT, 2),
  ]
  const count = Buffer.alloc(2)
  count.writeUInt16LE(tags.length)
  return Buffer.concat([
    Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]),
    count,
    ...tags,
    Buffer.alloc(4),
    fraction(204),
    fraction(98),
    image,
  ])
}

/** The rows of each page of a TIFF file; a file that is none has no page. */
export function rowsOfPages(file: Buffer): number[] {
  const pages: number[] = []
  if (file.length < 8 || file.toString('latin1', 0, 2) !== 'II') return pages
  let at = file.readUInt32LE(4)
  while (at !== 0) {
    const count = file.readUInt16LE(at)
    const tags = Array.from({ length: count }, (_, index) => at + 2 + 12 * index)
    const rows = tags.find((offset) => file.readUInt16LE(offset) === 257)
    pages.push(rows === undefined ? 0 : file.readUInt32LE(rows + 8))
    at = file.readUInt32LE(at + 2 + 12 * count)
  }
  return pages
}

const END_OF_LINE = '000000000001'
/** A run of 1728 white dots, and one of none. */
const WHITE_ROW = `${END_OF_LINE}01001101100110101`

const SHORT = 3
const LONG = 4
const FRACTION = 5

function tag(id: number, type: number, value: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt16LE(id, 0)
  bytes.writeUInt16LE(type, 2)
  bytes.writeUInt32LE(1, 4)
  bytes.writeUInt32LE(value, 8)
  return bytes
}

function fraction(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(value, 0)
  bytes.writeUInt32LE(1, 4)
  return bytes
}

function bytesOf(bits: string): Buffer {
  const octets = bits.match(/.{1,8}/g) ?? []
  return Buffer.from(octets.map((octet) => Number.parseInt(octet.padEnd(8, '0'), 2)))
}
