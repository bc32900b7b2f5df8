import { LineCounter } from 'yaml'

/** A piece of a YAML text that is a document of its own. */
export interface Part {
  readonly offset: number
  readonly text: string
  /** The key of the root whose list holds this one item; none: keys of the root itself. */
  readonly itemOf?: string
}

/** A list that hangs below a key of the root: `lines:`, then items of one indentation. */
interface Section {
  readonly key: string
  readonly indent?: number
}

/** A key of the root with nothing behind it but what follows on the next lines. */
const HEADER = /^([A-Za-z_][\w-]*):(?:[ \t]+#.*|[ \t]*)\r?$/

/**
 * Cuts a block mapping at its keys, and its lists at their items. YAML indents everything
 * that belongs to an item further than the item, so no cut goes through a value. A text
 * of any other kind (JSON, several documents, a list) is not cut: undefined.
 */
export function partsOf(
  text: string,
): { readonly parts: readonly Part[]; readonly lines: LineCounter } | undefined {
  const lines = new LineCounter()
  const cuts: { readonly offset: number; readonly itemOf?: string }[] = []
  let section: Section | undefined
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end === -1 ? text.length : end
    lines.addNewLine(from)
    const line = lineAt(text, from, to)
    if (line?.isItem && section && (section.indent ?? line.indent) === line.indent) {
      section = { key: section.key, indent: line.indent }
      cuts.push({ offset: from, itemOf: section.key })
    } else if (line?.indent === 0) {
      if (!line.isKey) return undefined
      // What stands before the first key belongs to it.
      cuts.push({ offset: cuts.length === 0 ? 0 : from })
      const key = HEADER.exec(text.slice(from, to))?.[1]
      section = key === undefined ? undefined : { key }
    } else if (line && section && section.indent === undefined) {
      section = undefined
    }
    from = to + 1
  }
  const parts = cuts.map((cut, at) => ({
    ...cut,
    text: text.slice(cut.offset, cuts[at + 1]?.offset),
  }))
  return parts.length === 0 ? undefined : { parts, lines }
}

/** What a line begins with; undefined for an empty line or a comment. */
function lineAt(
  text: string,
  from: number,
  to: number,
):
  | { readonly indent: number; readonly isItem: boolean; readonly isKey: boolean }
  | undefined {
  let at = from
  while (at < to && text[at] === ' ') at += 1
  const start = text[at]
  if (at === to || start === '#' || start === '\r') return undefined
  const after = text[at + 1]
  const isItem = start === '-' && (after === ' ' || after === '\n' || after === '\r')
  return { indent: at - from, isItem, isKey: /[A-Za-z_]/.test(start ?? '') }
}
