import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { exitOf } from '../../../src/cli/report.js'
import {
  type Loaded,
  type Located,
  loadSite,
  readSite,
} from '../../../src/config/load.js'
import { isCode } from '../../../src/model/finding-codes.js'
import { slowness } from '../../rig/slowness.js'
import { file, makers, manyLines, replaced } from './inputs.js'

const Row = z.strictObject({
  title: z.string(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      text: z.string().optional(),
      base64: z.string().optional(),
      replace: z.record(z.string(), z.string()).optional(),
      make: z.enum(Object.keys(makers)).optional(),
      exit: z.union([z.literal(0), z.literal(4), z.literal(78)]),
      codes: z.array(z.string().refine(isCode)),
      says: z.array(z.string()).default([]),
      at: z.string().optional(),
    }),
  ),
})
type Case = z.infer<typeof Row>['cases'][number]

const rows = readdirSync(import.meta.dirname)
  .filter((name) => /^y\d\d\.yaml$/.test(name))
  .map((name) => {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8')
    return { id: name.slice(0, 3).toUpperCase(), ...Row.parse(parse(text)) }
  })

const folder = mkdtempSync(join(tmpdir(), 'lk-corpus-'))
const untouched = Reflect.ownKeys(Object.prototype)

beforeAll(() => {
  expect(rows.length).toBe(36)
})
afterAll(() => rmSync(folder, { recursive: true }))

let made = 0

function inputOf({ text, base64, replace, make }: Case): string | Promise<string> {
  made += 1
  const here = join(folder, String(made))
  mkdirSync(here)
  if (text !== undefined) return file(here, text)
  if (base64 !== undefined) return file(here, Buffer.from(base64, 'base64'))
  if (replace) return file(here, replaced(replace))
  const maker = makers[make ?? '']
  if (!maker) throw new Error('a case has text, base64, replace or make')
  return maker(here)
}

describe.each(rows)('$id $title', ({ cases }) => {
  it.each(cases)('$name', async (each) => {
    const loaded = await loadSite(await inputOf(each))
    const found = findingsOf(loaded)

    expect(codesOf(found)).toEqual([...each.codes].sort())
    expect(exitOf(found)).toBe(each.exit)
    expect(loaded.kind === 'site').toBe(each.exit === 0)
    for (const said of each.says) expect(wordsOf(found)).toContain(said)
    if (each.at) expect(placeOf(found[0])).toBe(each.at)

    expect(wordsOf(found)).not.toMatch(secrets)
    expect(Reflect.ownKeys(Object.prototype)).toEqual(untouched)
    expect({}).not.toHaveProperty('polluted')
  })
})

/** Everything secret that stands in the base or in a case. */
const secrets =
  /k7Vw2mXq9sLd|Zt5nB8uHc3Jp|q4Gf7yRk2DxN|824613|x7Kq2m|972100002xQz7|password1234/

function findingsOf(loaded: Loaded): readonly Located[] {
  return loaded.kind === 'site' ? loaded.warnings : loaded.findings
}

function codesOf(found: readonly Located[]): string[] {
  return [...new Set(found.map(({ code }) => code))].sort()
}

function wordsOf(found: readonly Located[]): string {
  return found.map(({ message, remedy }) => `${message} — ${remedy}`).join('\n')
}

function placeOf(found: Located | undefined): string {
  return `${found?.line}:${found?.column}`
}

/** The best of three, in milliseconds of processor time: other tests run beside it. */
async function timeOf(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 3; run++) {
    const start = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 1000)
  }
  return Math.min(...times)
}

describe('Y08 costs little', () => {
  const hostile = rows.find(({ id }) => id === 'Y08')?.cases ?? []

  it.each(hostile)('$name: at most 200 ms', async (each) => {
    const path = await inputOf(each)
    expect(await timeOf(() => loadSite(path))).toBeLessThan(200 * slowness())
  })
})

describe('Y37 grows with the number of lines', () => {
  it('and not with its square', async () => {
    const small = manyLines(500)
    const large = manyLines(2_000)
    const ratio =
      (await timeOf(() => readSite(large, ''))) /
      (await timeOf(() => readSite(small, '')))
    expect(ratio).toBeLessThan(8)
  })
})
