/** A line with its comments taken away; nothing is left of an empty one. */
export interface TextLine {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Asterisk reads a line into 8,192 bytes, its end and that of the string included (L11). */
const LINE_BYTES = 8190

/**
 * The lines of a file as Asterisk sees them. A line that does not fit its buffer
 * is missing, and block comments are nested across lines.
 */
export function textLines(source: string, file: string): readonly TextLine[] {
  const lines: TextLine[] = []
  let depth = 0
  for (const [index, raw] of source.split('\n').entries()) {
    // No character takes more than three bytes for each of its units.
    if (3 * raw.length > LINE_BYTES && Buffer.byteLength(raw) > LINE_BYTES) continue
    let plain = raw
    if (depth !== 0 || raw.includes(';')) {
      const read = uncomment(raw, depth)
      depth = read.depth
      plain = read.text
    }
    const text = strip(plain)
    if (text !== '') lines.push({ file, line: index + 1, text })
  }
  return lines
}

/** Without white space and control characters at both ends. */
export function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) < 33) start++
  while (end > start && text.charCodeAt(end - 1) < 33) end--
  return text.slice(start, end)
}

/**
 * Takes the comments out of one line. `\;` is a semicolon, `;--` opens a block
 * comment and `--;` closes one, even where none is open: from there on nothing
 * more is read.
 */
function uncomment(raw: string, depth: number): { text: string; depth: number } {
  let buffer = raw
  let kept = ''
  /** Where the text begins that is neither kept nor dropped yet. */
  let open: number | undefined = depth === 0 ? 0 : undefined
  let from = 0
  for (;;) {
    const at = buffer.indexOf(';', from)
    if (at < 0) break
    if (at > from && buffer[at - 1] === '\\') {
      buffer = buffer.slice(0, at - 1) + buffer.slice(at)
      from = at
    } else if (buffer.startsWith('--', at + 1) && buffer[at + 3] !== '-') {
      if (open !== undefined) kept += buffer.slice(open, at)
      open = undefined
      from = at + 3
      depth++
    } else if (at >= from + 2 && buffer.startsWith('--', at - 2)) {
      depth--
      from = at + 1
      if (depth === 0) open = from
    } else if (depth === 0) {
      if (open !== undefined) kept += buffer.slice(open, at)
      open = undefined
      break
    } else {
      from = at + 1
    }
  }
  return { text: open === undefined ? kept : kept + buffer.slice(open), depth }
}
