import { readdirSync, readFileSync } from 'node:fs'
import { type Core, World } from './world.js'

const folder = new URL('./', import.meta.url)

export const scenarios: readonly { name: string; path: URL }[] = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => ({ name: name.replace(/\.txt$/, ''), path: new URL(name, folder) }))

/** The file again, with what the core does now under each thing that happens. */
export function replay(path: URL, core?: Core): string {
  const world = new World(core)
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => !/^\s+\S/.test(line))
  const told = lines.flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [line]
    return [line, ...world.tell(line).map((effect) => `  ${effect}`)]
  })
  return told.join('\n')
}
