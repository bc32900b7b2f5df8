import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { World } from './world.js'

const folder = new URL('./', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'))

test.each(files)('%s', async (name) => {
  const path = new URL(name, folder)
  const told = replay(readFileSync(path, 'utf8'))
  await expect(told).toMatchFileSnapshot(path.pathname)
})

/** The file again, with what the core does now under each thing that happens. */
function replay(text: string): string {
  const world = new World()
  const lines = text.split('\n').filter((line) => !/^\s+\S/.test(line))
  const told = lines.flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [line]
    return [line, ...world.tell(line).map((effect) => `  ${effect}`)]
  })
  return told.join('\n')
}
