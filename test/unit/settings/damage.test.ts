import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Line } from '../../../src/model/line.js'
import { settings } from '../../../src/model/setting-keys.js'
import { openStore, StoreLost } from '../../../src/store/database.js'
import { Subscribers } from '../../../src/store/subscribers.js'
import { tables } from '../../../src/store/tables.js'
import { exampleSite } from '../http/example-site.js'

const BY = { door: 'api', who: 'administrator' } as const

/** A byte that changed on the disk is no setting that anybody made (F12). */
describe('settings on a damaged disk', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-damage-'))
  const site = exampleSite()
  let bytes = Buffer.alloc(0)
  let before: ReadonlyMap<string, Line> = new Map()
  let runs = 0

  beforeAll(() => {
    const file = join(dir, 'whole.db')
    const database = openStore(file, tables)
    const subscribers = new Subscribers(site, database, () => 0)
    for (const { number } of site.lines) {
      const change = {
        forwarding: { unconditional: { to: '0612345678', active: false } },
        ...{ doNotDisturb: true, hideNumber: true, intercom: false },
      }
      expect(subscribers.change(number, change, BY).kind).toBe('changed')
    }
    before = subscribers.directory.lines
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    bytes = readFileSync(file)
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  /** How many settings are as they were changed; the others are as in the site file. */
  function keptOf(content: Buffer): number | 'refused' {
    runs += 1
    const file = join(dir, `${runs}.db`)
    writeFileSync(file, content)
    try {
      const database = openStore(file, tables)
      const { lines } = new Subscribers(site, database, () => 0).directory
      database.close()
      const each = site.lines.flatMap((initial) =>
        settings.map(({ written }) => {
          const [first, changed, now] = [initial, before, lines].map((from) => {
            const line = from instanceof Map ? from.get(initial.number) : initial
            return JSON.stringify(line && written(line))
          })
          expect([first, changed]).toContain(now)
          return now === changed && now !== first ? 1 : 0
        }),
      )
      return each.reduce((sum: number, one) => sum + one, 0)
    } catch (error) {
      if (error instanceof StoreLost) return 'refused'
      throw error
    }
  }

  it('are all there when nothing is damaged', () => {
    expect(keptOf(bytes)).toBe(10)
  })

  it('are as they were changed or as in the site file, wherever bytes are hit', () => {
    const kept = []
    for (let at = 0; at < bytes.length; at += 1111) {
      const hit = Buffer.from(bytes)
      hit.fill(0x35, at, at + 3)
      kept.push(keptOf(hit))
    }
    expect(kept.filter((count) => count === 10).length).toBeGreaterThan(kept.length / 2)
  })

  it('are as they were changed or as in the site file, wherever the file ends', () => {
    for (let end = 0; end < bytes.length; end += 3333) keptOf(bytes.subarray(0, end))
  })
})
