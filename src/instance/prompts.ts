import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** The folder of the prompts that are ours, beside both src/ and dist/. */
export const PROMPTS = new URL('../../asterisk/sounds/', import.meta.url)

export const promptLanguages = ['fr', 'en'] as const
export type PromptLanguage = (typeof promptLanguages)[number]

/** One row of asterisk/sounds/prompts.yaml. */
const Prompt = z.strictObject({
  /** The dialplan plays `lk-<id>`. */
  id: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
  source: z.union([z.literal('made'), z.templateLiteral(['debian:', z.string()])]),
  fr: z.string().min(1),
  en: z.string().min(1),
})
export type Prompt = z.infer<typeof Prompt>

const PromptList = z.strictObject({
  prompts: z.array(Prompt),
  asterisk: z.array(z.string()),
})

/** Everything that is said: our own prompts, and the names of Asterisk's that are used. */
export interface Prompts {
  readonly own: readonly Prompt[]
  readonly asterisk: readonly string[]
}

/** Reads the text list. Throws a ZodError for one that is not well formed. */
export function readPrompts(): Prompts {
  const text = readFileSync(new URL('prompts.yaml', PROMPTS), 'utf8')
  const list = PromptList.parse(parse(text))
  return { own: list.prompts, asterisk: list.asterisk.flatMap(spelledOut) }
}

/** The names the dialplan plays, ours and Asterisk's. */
export function promptNames({ own, asterisk }: Prompts): string[] {
  return [...own.map(({ id }) => `lk-${id}`), ...asterisk]
}

/** `digits/[0-2,30]`: digits/0, digits/1, digits/2, digits/30. */
function spelledOut(names: string): string[] {
  const [, before = '', list = ''] = /^([^[]*)\[([^\]]*)\]$/.exec(names) ?? []
  if (list === '') return [names]
  return list.split(',').flatMap((name) => range(name).map((one) => `${before}${one}`))
}

function range(name: string): string[] {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(name) ?? []
  if (from === undefined || to === undefined) return [name]
  const count = Number(to) - Number(from) + 1
  return Array.from({ length: count }, (_, index) => String(Number(from) + index))
}
