import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * What the linter has no rule for. A failure names the file and the rule; the rule is
 * changed here, with a reason, or not at all.
 */
const project = join(import.meta.dirname, '../..')

type Source = { path: string; text: string; code: string }

function sources(folder: string): Source[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.m?ts$/.test(path))
    .map((path) => {
      const text = readFileSync(join(project, folder, path), 'utf8')
      return { path: join(folder, path), text, code: withoutComments(text) }
    })
}

/** Comments may say what code may not do. A `//` after a colon is a URL's. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(?<!:)\/\/.*$/gm, '')
}

const src = sources('src')
const test = sources('test')

/** `src/call/decide.ts` is of the folder `call`, `src/main.ts` of none. */
function folderOf(path: string): string {
  const [, folder = '', file] = path.split('/')
  return file === undefined ? '' : folder
}

type Import = { from: string; to: string }

const importing = /(?:from|import|import\()\s*'([^']+)'/g

/** What each file imports: a path in the project, or the name of a package. */
const imports: Import[] = src.flatMap(({ path, code }) =>
  [...code.matchAll(importing)].map(([, target = '']) => ({
    from: path,
    to: target.startsWith('.')
      ? relative(project, join(project, dirname(path), target))
      : target,
  })),
)

/**
 * The folders a folder may import besides itself; a folder that is not listed (`daemon`
 * joins the others, `cli` starts them), and src/main.ts, may import any. What is asked
 * often must not know what is asked seldom.
 */
const direction: Record<string, string[]> = {
  model: [],
  call: ['model'],
  subscription: ['model'],
  config: ['model'],
  instance: ['model'],
  store: ['model', 'call', 'subscription'],
  ami: ['model', 'config'],
  ari: ['model', 'call', 'subscription'],
  voicemail: ['model', 'config', 'store'],
  http: ['model', 'call', 'subscription', 'config', 'store', 'ari', 'ami', 'voicemail'],
  portal: ['model', 'call', 'subscription', 'http', 'store'],
}

const pure = ['model', 'call', 'subscription']

/** What makes a decision depend on more than what it was given. */
const impure: [string, RegExp][] = [
  ['await', /\bawait\b/],
  ['async', /\basync\b/],
  ['the clock', /\bDate\.now\b|\bnew Date(?:\(\)|(?!\s*\())|\bperformance\b/],
  ['a timer', /\bset(?:Timeout|Interval|Immediate)\b/],
  ['chance', /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/],
  ['the process', /\bprocess\./],
  ['Node', /from 'node:/],
  ['the network', /\bfetch\(/],
]

/** Only these folders know these packages: replacing one is one folder's work. */
const onlyImporter: Record<string, string> = {
  'ari-client': 'ari',
  'asterisk-manager': 'ami',
}

/** Counted exceptions. A maximum may only fall. */
const mostCasts = 10
const mostLintExceptions = 5

describe('the folders', () => {
  it('hold no file of more than 300 lines', () => {
    const long = [...src, ...test]
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 300)
    expect(long).toEqual([])
  })

  it('are at most two deep below src', () => {
    const deep = src.map(({ path }) => path).filter((path) => path.split('/').length > 4)
    expect(deep).toEqual([])
  })

  it('have no file whose name says nothing', () => {
    const vague = /\/(?:utils?|helpers?|types|common|misc|manager|service|data|info)\.ts$/
    expect(src.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([])
  })
})

describe('imports', () => {
  it('go one way', () => {
    const wrong = imports.filter(({ from, to }) => {
      const folder = folderOf(from)
      const allowed = direction[folder]
      const target = folderOf(to)
      if (!to.startsWith('src/') || !allowed || target === folder) return false
      // Files beside main.ts belong to nobody: constants such as the version.
      return target === '' ? pure.includes(folder) : !allowed.includes(target)
    })
    expect(wrong).toEqual([])
  })

  it('never reach into the tests or the build', () => {
    expect(imports.filter(({ to }) => /^(?:test|dist)\//.test(to))).toEqual([])
  })

  it('of the composition root are in the command line only', () => {
    const importers = imports.filter(({ to }) => to === 'src/main.js')
    expect(importers.filter(({ from }) => folderOf(from) !== 'cli')).toEqual([])
  })

  it.each(Object.entries(onlyImporter))('of %s are in src/%s only', (name, folder) => {
    const importers = imports.filter(({ to }) => to === name || to.startsWith(`${name}/`))
    expect(importers.filter(({ from }) => folderOf(from) !== folder)).toEqual([])
  })
})

describe('the pure folders', () => {
  const files = src.filter(({ path }) => pure.includes(folderOf(path)))

  it.each(impure)('know nothing of %s', (_, forbidden) => {
    const wrong = files.filter(({ code }) => forbidden.test(code)).map(({ path }) => path)
    expect(wrong).toEqual([])
  })
})

describe('the ratchets', () => {
  it(`count at most ${mostCasts} casts`, () => {
    const found = src.flatMap(casts)
    expect(found.length, found.join('\n')).toBeLessThanOrEqual(mostCasts)
  })

  it(`count at most ${mostLintExceptions} lint exceptions`, () => {
    const found = src.filter(({ text }) => text.includes('biome-ignore'))
    const count = found.flatMap(({ text }) => text.match(/biome-ignore/g) ?? []).length
    expect(count).toBeLessThanOrEqual(mostLintExceptions)
  })
})

/** `x as T`, told from `as const`, from renaming in an import, and from words in a text. */
function casts({ path, code }: Source): string[] {
  return code
    .replaceAll(/^(?:import|export)\s[^;]*?from '.*$/gm, '')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g, "''")
    .split('\n')
    .filter((line) => /[\w)\]}'] as (?!const\b)/.test(line))
    .map((line) => `${path}: ${line.trim()}`)
}
