import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import type { SettingsChange } from '../../../src/model/settings.js'
import { type Database, openStore, storeFile } from '../../../src/store/database.js'
import { Subscribers } from '../../../src/store/subscribers.js'
import { tables } from '../../../src/store/tables.js'
import { exampleSite } from '../http/example-site.js'

const ALICE = '0033972100001'
const BY = { door: 'api', who: 'administrator' } as const

describe('subscribers', () => {
  const site = exampleSite()
  let dir = ''
  let database: Database
  let clock = 0

  function opened(): Subscribers {
    return new Subscribers(site, database, () => clock)
  }

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lk-subscribers-'))
    database = openStore(storeFile(dir), tables)
    clock = 1_000_000
  })
  afterEach(() => {
    database.close()
    rmSync(dir, { recursive: true, force: true })
  })

  function alice(subscribers: Subscribers): Line {
    const line = subscribers.directory.lines.get(ALICE)
    if (!line) throw new Error('the example site has no such line')
    return line
  }

  function change(subscribers: Subscribers, wanted: SettingsChange): readonly string[] {
    const changed = subscribers.change(ALICE, wanted, BY)
    if (changed.kind === 'changed') return changed.keys
    throw new Error(changed.findings.map(({ message }) => message).join('; '))
  }

  it('are as the site file says, until one changes something', () => {
    expect(opened().site).toEqual(site)
  })

  it('keep what was changed when the store is opened again', () => {
    const first = opened()
    const busy = { to: '0612345678' }
    const wanted = {
      doNotDisturb: true,
      forwarding: { busy },
      lock: { pin: new Secret('2580') },
    }
    expect(change(first, wanted)).toEqual(['forwarding.busy', 'doNotDisturb', 'lock.pin'])
    const again = alice(opened())
    expect(again).toEqual(alice(first))
    expect(again.doNotDisturb).toBe(true)
    expect(again.forwarding.busy?.to).toEqual({ kind: 'number', number: '0033612345678' })
    expect(again.lock?.pin.reveal()).toBe('2580')
  })
})
