import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keptIn } from '../../../src/cli/kept.js'
import type { Line } from '../../../src/model/line.js'
import type { Site } from '../../../src/model/site.js'
import { type Database, openStore, storeFile } from '../../../src/store/database.js'
import { Subscribers } from '../../../src/store/subscribers.js'
import { tables } from '../../../src/store/tables.js'
import { exampleSite } from '../http/example-site.js'

const accueil = '0033972100001'
const atelier = '0033972100002'
const by = { door: 'cli', who: 'test' } as const

let dir = ''
let database: Database
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lk-forbidden-'))
  database = openStore(storeFile(dir), tables)
})
afterEach(() => {
  database.close()
  rmSync(dir, { recursive: true, force: true })
})

/** The example with other lines. */
function siteWith(changes: Readonly<Record<string, Partial<Line>>>): Site {
  const site = exampleSite()
  return {
    ...site,
    lines: site.lines.map((line) => ({ ...line, ...changes[line.number] })),
  }
}

/** Accueil has set a forward while the site was another; what a plan of `now` says. */
function planned(before: Site, to: string, now: Site, reset?: string) {
  const subscribers = new Subscribers(before, database, () => 0)
  const set = subscribers.change(accueil, { forwarding: { unconditional: { to } } }, by)
  expect(set.kind).toBe('changed')
  const options = reset === undefined ? {} : { resetSettings: reset }
  return keptIn(dir, now, options, (text) => text)
}

const abroad = { outgoing: { special: false, international: true } }
const closed = { outgoing: { special: false, international: false } }

it('a forward that the site file still allows is kept without a word', () => {
  const site = siteWith({ [accueil]: abroad })
  expect(planned(site, '004930123456', site).forbidden).toEqual([])
})

it('a forward abroad of a line that may not call there any more is named', () => {
  const kept = planned(
    siteWith({ [accueil]: abroad }),
    '004930123456',
    siteWith({ [accueil]: closed }),
  )
  expect(kept.forbidden).toMatchObject([
    { line: accueil, key: 'forwarding.unconditional.to', code: 'forward.class' },
  ])
  expect(kept.text.join('\n')).toMatch(
    /does not allow.*480\.\n {2}0033972100001 {2}forwarding\.unconditional\.to: forward\.class {2}.* — /,
  )
})

it('a forward that the new site closes to a loop is named', () => {
  const back = {
    forwarding: { unconditional: { to: { kind: 'number', number: accueil } } },
  } as const
  const kept = planned(siteWith({}), atelier, siteWith({ [atelier]: back }))
  expect(kept.forbidden).toMatchObject([{ line: accueil, code: 'forward.loop' }])
})

it('what is given back to the site file is not named', () => {
  const before = siteWith({ [accueil]: abroad })
  const now = siteWith({ [accueil]: closed })
  expect(planned(before, '004930123456', now, accueil).forbidden).toEqual([])
})
