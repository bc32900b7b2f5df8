import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { GeneratedFile } from '../../src/config/deployment.js'
import { readSite } from '../../src/config/load.js'
import { render } from '../../src/config/render.js'
import { checkRendered } from '../../src/config/rendered-checks.js'
import { deployment } from '../unit/config/rendered-site.js'

const EXAMPLE = new URL('../../examples/site.yaml', import.meta.url)

/** `empty` holds every file; another world only those that are different there. */
const worlds = ['empty', 'two-lines-one-trunk', 'example']

function folderOf(world: string): URL {
  return new URL(`${world}/`, import.meta.url)
}

function rendered(world: string): readonly GeneratedFile[] {
  const own = new URL('site.yaml', folderOf(world))
  const loaded = readSite(readFileSync(existsSync(own) ? own : EXAMPLE, 'utf8'), world)
  if (loaded.kind !== 'site') throw new Error(JSON.stringify(loaded.findings))
  return render(loaded.site, deployment)
}

const baseline = new Map(rendered('empty').map(({ name, text }) => [name, text]))

function goldenFiles(world: string): readonly GeneratedFile[] {
  if (world === 'empty') return rendered(world)
  return rendered(world).filter(({ name, text }) => baseline.get(name) !== text)
}

describe.each(worlds)('the world %s', (world) => {
  it.each(goldenFiles(world).map(({ name, text }) => [name, text]))(
    '%s',
    async (name, text) => {
      await expect(text).toMatchFileSnapshot(`./${world}/${name}`)
    },
  )

  it('has no golden file too many', () => {
    const golden = readdirSync(folderOf(world)).filter((name) => name.endsWith('.conf'))
    expect(golden).toEqual(goldenFiles(world).map(({ name }) => name))
  })

  it('passes the checks', () => {
    expect(checkRendered(rendered(world))).toEqual([])
  })
})
