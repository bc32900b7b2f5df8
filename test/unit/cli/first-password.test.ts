import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { firstPasswordText, isJournal } from '../../../src/cli/first-password.js'
import { Secret } from '../../../src/model/secret.js'

const password = new Secret('NHELsnt9Mjm5iSYn')
const portal = { host: '127.0.0.1', port: 8080 }

test('the first password is said to who watches', () => {
  expect(firstPasswordText(password, portal, false)).toContain(
    'administrator, password NHELsnt9Mjm5iSYn',
  )
})

test('the first password is in no log, which says how to set one', () => {
  const text = firstPasswordText(password, portal, true)
  expect(text).not.toContain('NHELsnt9Mjm5iSYn')
  expect(text).toContain('http://127.0.0.1:8080/')
  expect(text).toContain('linekeeper user password administrator')
})

test('the journal is known by the file that systemd names', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-journal-'))
  const file = openSync(join(dir, 'journal'), 'a')
  const { dev, ino } = fstatSync(file)
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, file)).toBe(true)
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino + 1}` }, file)).toBe(false)
  expect(isJournal({}, file)).toBe(false)
  closeSync(file)
  rmSync(dir, { recursive: true })
})
