import { type CST, Lexer, LineCounter, Parser } from 'yaml'

/** The syntax of a YAML text, small enough to be composed; or that it is not. */
export type Tokens =
  | { readonly kind: 'tokens'; readonly tokens: CST.Token[]; readonly lines: LineCounter }
  | { readonly kind: 'tooMuch'; readonly what: string; readonly offset: number }

const MAX_DEPTH = 64
const MAX_ANCHORS = 1000
/** Marks that the next lexeme is the text of a scalar, whatever it begins with. */
const SCALAR_MARK = '\u001f'

/**
 * Splits a text into tokens, and stops before a hostile one costs anything: the composer
 * recurses, and a deep enough nesting takes the whole process down with it (row Y08).
 */
export function tokensOf(text: string): Tokens {
  const lines = new LineCounter()
  // The parser tells of each line that begins after a line break, not of the first one.
  lines.addNewLine(0)
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  const count = { flows: 0, blocks: 0, names: 0 }
  let scalar = false
  for (const lexeme of new Lexer().lex(text)) {
    if (scalar) scalar = false
    else if (lexeme === SCALAR_MARK) scalar = true
    else countLexeme(lexeme, count)
    const what = excess(count)
    if (what) return { kind: 'tooMuch', what, offset: lines.lineStarts.at(-1) ?? 0 }
    for (const token of parser.next(lexeme)) tokens.push(token)
  }
  for (const token of parser.end()) tokens.push(token)
  const deep = tokens.find((token) => isDeep(token))
  if (deep) return { kind: 'tooMuch', what: 'levels', offset: deep.offset }
  return { kind: 'tokens', tokens, lines }
}

function countLexeme(
  lexeme: string,
  count: { flows: number; blocks: number; names: number },
): void {
  switch (lexeme[0]) {
    case '[':
    case '{':
      count.flows += 1
      break
    case ']':
    case '}':
      count.flows = Math.max(0, count.flows - 1)
      break
    case '-':
    case '?':
      // Several on one line nest: `- - - x`.
      if (lexeme.length === 1) count.blocks += 1
      break
    case '&':
    case '*':
      count.names += 1
      break
    case '\n':
    case '\r':
      count.blocks = 0
  }
}

function excess(count: {
  flows: number
  blocks: number
  names: number
}): string | undefined {
  if (count.flows > MAX_DEPTH || count.blocks > MAX_DEPTH) return 'levels'
  return count.names > MAX_ANCHORS ? 'anchors and aliases' : undefined
}

/** Walks with a list of its own, not by recursion: it asks how deep recursion would be. */
function isDeep(root: CST.Token): boolean {
  const waiting: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { token, depth } = next
    if (depth > MAX_DEPTH) return true
    if (token.type === 'document') {
      if (token.value) waiting.push({ token: token.value, depth })
    } else if ('items' in token) {
      for (const item of token.items) {
        if (item.key) waiting.push({ token: item.key, depth: depth + 1 })
        if (item.value) waiting.push({ token: item.value, depth: depth + 1 })
      }
    }
  }
  return false
}
