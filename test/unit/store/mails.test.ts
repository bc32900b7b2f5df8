import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openStore } from '../../../src/store/database.js'
import {
  forgetItems,
  mailsTable,
  nextMail,
  noteItem,
  postponeMail,
  seenItems,
  settleMail,
} from '../../../src/store/mails.js'

const ITEM = 'voicemail/0033972100001/1760000000-00000001'
const attached = { to: 'a@example.org', attach: true }
const notified = { to: 'b@example.org', attach: false }
let dir = ''
let store: Database

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lk-mails-'))
  store = openStore(join(dir, 'store.db'), [mailsTable])
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('mails to be sent', () => {
  it('are each sent once, and survive a restart until then', () => {
    noteItem(store, ITEM, [attached, notified], 1_000)
    const first = nextMail(store)
    if (!first) throw new Error('nothing is due')
    settleMail(store, first)
    store.close()
    store = openStore(join(dir, 'store.db'), [mailsTable])
    const second = nextMail(store)
    if (!second) throw new Error('the second was lost')
    expect([first.recipient, second.recipient].sort()).toEqual([
      'a@example.org',
      'b@example.org',
    ])
    settleMail(store, second)
    expect(nextMail(store)).toBeUndefined()
  })

  it('of an item that was seen are not noted again', () => {
    noteItem(store, ITEM, [attached], 1_000)
    const mail = nextMail(store)
    if (mail) settleMail(store, mail)
    noteItem(store, ITEM, [attached], 2_000)
    expect(nextMail(store)).toBeUndefined()
  })

  it('wait when they failed, and count how often', () => {
    noteItem(store, ITEM, [attached], 1_000)
    const mail = nextMail(store)
    if (mail) postponeMail(store, mail, 31_000)
    expect(nextMail(store)).toMatchObject({ tries: 1, attach: true, due: 31_000 })
    noteItem(store, 'fax/0033972100001-1.tif', [notified], 2_000)
    expect(nextMail(store)).toMatchObject({ recipient: 'b@example.org', due: 2_000 })
  })

  it('of nobody are none, and the item is seen all the same, until it is gone', () => {
    noteItem(store, ITEM, [], 1_000)
    expect(nextMail(store)).toBeUndefined()
    expect([...seenItems(store, 'voicemail/0033972100001/')]).toEqual([ITEM])
    expect([...seenItems(store, 'voicemail/0033972100002/')]).toEqual([])
    forgetItems(store, [ITEM])
    expect([...seenItems(store, 'voicemail/')]).toEqual([])
  })
})
