/** Deeper than anything we document; a parser that recurses must not be asked for more. */
const MAX_DEPTH = 32

/** The body is JSON by its first look, and means two things or nothing (H04, H06). */
export class AmbiguousJson extends Error {
  override name = 'AmbiguousJson'
}

/**
 * Reads one JSON document. JSON.parse keeps the last of two equal keys, and another
 * reader on the way the first: so a key that comes twice is refused, as are keys that
 * reach for the prototype.
 *
 * Throws SyntaxError or AmbiguousJson.
 */
export function parseJson(text: string): unknown {
  const document: unknown = JSON.parse(text)
  refuseAmbiguous(text)
  return document
}

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])
/** In text that is known to be JSON: a string, or a sign that opens, closes or separates. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

function refuseAmbiguous(text: string): void {
  /** The keys of each object we are in; undefined for an array. */
  const open: (Set<string> | undefined)[] = []
  let last = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined)
      if (open.length > MAX_DEPTH) throw new AmbiguousJson('the body is nested too deep')
    } else if (token === '}' || token === ']') open.pop()
    else if (token === ':') noteKey(open.at(-1), String(JSON.parse(last)))
    last = token
  }
}

function noteKey(keys: Set<string> | undefined, key: string): void {
  if (FORBIDDEN.has(key)) throw new AmbiguousJson(`the body has a key ${key}`)
  if (keys?.has(key)) throw new AmbiguousJson(`the body has the key ${key} twice`)
  keys?.add(key)
}
