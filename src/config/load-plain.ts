/*
 * Most of a large site file are lines of a few settings, written one per line and with
 * nothing special about them. The YAML library takes a hundred times as long for such an
 * item; whatever is written in any other way is left to it.
 */

/** `  - number: "0033…"`, then `    name: …` below it. */
const SETTING = /^( *(?:- +)?)([A-Za-z]\w*): +(.+)$/

/** Empty, or a comment: no value goes over several lines here. */
const BLANK = /^ *(?:#.*)?$/

/** What means the same to a reader who knows no YAML. */
const NUMBER = /^(?:0|[1-9]\d{0,14})$/
const WORDS = /^\p{L}[\p{L}\d_-]*(?: [\p{L}\d][\p{L}\d_-]*)*$/u
const QUOTED = /^(?:"([^"\\\p{C}\p{Zl}\p{Zp}]*)"|'([^'\p{C}\p{Zl}\p{Zp}]*)')$/u

/** Words that are none. */
const MEANINGS: ReadonlyMap<string, boolean | undefined> = new Map([
  ['true', true],
  ['false', false],
  ...['True', 'TRUE', 'False', 'FALSE', 'null', 'Null', 'NULL'].map(
    (word) => [word, undefined] as const,
  ),
])

/** Names that JavaScript's objects have already: the library's reader refuses them. */
const TAKEN = /^(?:constructor|prototype)$/

/** An item of a list of YAML, when it is a plain mapping; else undefined. */
export function plainItem(text: string): Readonly<Record<string, unknown>> | undefined {
  const item: Record<string, unknown> = {}
  let indent: number | undefined
  for (const line of text.split('\n')) {
    if (BLANK.test(line)) continue
    const [, margin = '', key = '', written = ''] = SETTING.exec(line) ?? []
    const begins = margin.includes('-')
    // The item begins once, and all its keys stand below each other.
    if (begins !== (indent === undefined) || margin.length !== (indent ?? margin.length))
      return undefined
    indent = margin.length
    const value = plainValue(written)
    if (value === undefined || TAKEN.test(key) || Object.hasOwn(item, key))
      return undefined
    item[key] = value
  }
  return indent === undefined ? undefined : item
}

function plainValue(written: string): string | number | boolean | undefined {
  const [, double, single] = QUOTED.exec(written) ?? []
  const quoted = double ?? single
  if (quoted !== undefined) return quoted
  if (NUMBER.test(written)) return Number(written)
  if (MEANINGS.has(written)) return MEANINGS.get(written)
  return WORDS.test(written) ? written : undefined
}
