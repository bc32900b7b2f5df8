import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { consoleOf } from './asterisk-console.js'
import type { System } from './system.js'

export const PLAYED_LOG = 'played.log'

/** Makes Asterisk write down every prompt it plays, until it is stopped. */
export async function writeDownPrompts(system: System): Promise<void> {
  await consoleOf(system, `logger add channel ${PLAYED_LOG} verbose(4)`)
}

/**
 * The prompts that Asterisk has played since `from` prompts ago, in order and without
 * their format: `lk-cfu-on`, `digits/0`. What it could not play is not among them.
 */
export function promptsPlayed(system: System, from = 0): string[] {
  const path = join(system.state, 'log', PLAYED_LOG)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const played = [...text.matchAll(/Playing '([^']+?)(?:\.\w+)?' \(language '(\w+)'\)/g)]
  return played.slice(from).map(([, prompt = '', language = '']) => {
    return language === 'fr' ? prompt : `${prompt} (${language})`
  })
}
