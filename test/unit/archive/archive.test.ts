import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backup, MANIFEST } from '../../../src/archive/backup.js'
import { openArchive, type Restored, restore } from '../../../src/archive/restore.js'
import { forgetOld } from '../../../src/archive/retention.js'
import {
  ArchiveDamaged,
  TAR_END,
  tarHeader,
  tarPadding,
} from '../../../src/archive/tar.js'
import { openStore, storeFile } from '../../../src/store/database.js'

let home = ''
let dir = ''
let file = ''

async function restored(file: string, target: string): Promise<Restored> {
  return await restore(await openArchive(file), target, undefined)
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lk-backup-'))
  dir = join(home, 'state')
  file = join(home, 'backup.tar.gz')
  put('secrets.json', '{"secret":"abc"}')
  put('api-token', 'token')
  put('etc/current/site.yaml', 'site: { name: demo }')
  put('etc/custom/extensions_custom.conf', '; mine')
  put('spool/voicemail/default/0033972100001/INBOX/msg0000.txt', 'origtime=1')
  put('spool/voicemail/default/0033972100001/INBOX/msg0000.wav', 'RIFF')
  put('spool/fax/0033972100001-1.tif', 'II*')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function put(name: string, text: string): string {
  const path = join(dir, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

function unpacks(damaged: Buffer, whole: Buffer): boolean {
  try {
    return gunzipSync(damaged).equals(gunzipSync(whole))
  } catch {
    return false
  }
}

describe('a backup', () => {
  it('holds all that cannot be made again, for its owner only', async () => {
    const store = openStore(storeFile(dir), [
      'CREATE TABLE IF NOT EXISTS word (text TEXT) STRICT',
    ])
    store.exec("INSERT INTO word VALUES ('kept')")
    expect(await backup(dir, file)).toMatchObject({ files: 8 })
    store.exec("INSERT INTO word VALUES ('later')")
    store.close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(home).sort()).toEqual(['backup.tar.gz', 'state'])

    const other = join(home, 'other')
    expect(await restored(file, other)).toMatchObject({ files: 8 })
    const again = openStore(storeFile(other), [])
    expect(again.prepare('SELECT text FROM word').all()).toEqual([{ text: 'kept' }])
    again.close()
    const message = 'spool/voicemail/default/0033972100001/INBOX/msg0000.wav'
    for (const name of [
      'secrets.json',
      'api-token',
      'etc/custom/extensions_custom.conf',
      message,
    ]) {
      expect(readFileSync(join(other, name), 'utf8')).toBe(
        readFileSync(join(dir, name), 'utf8'),
      )
      expect(statSync(join(other, name)).mode & 0o007).toBe(0)
    }
    expect(readFileSync(join(other, 'site.yaml'), 'utf8')).toBe('site: { name: demo }')
  })

  it('put in place of another keeps what was there', async () => {
    await backup(dir, file)
    put('secrets.json', '{"secret":"new"}')
    const { replaced } = await restored(file, dir)
    expect(readFileSync(join(dir, 'secrets.json'), 'utf8')).toBe('{"secret":"abc"}')
    expect(readFileSync(join(replaced ?? '', 'secrets.json'), 'utf8')).toBe(
      '{"secret":"new"}',
    )
  })

  it('C12 cut or changed anywhere is refused, and nothing is changed', async () => {
    const { bytes } = await backup(dir, file)
    const whole = readFileSync(file)
    const empty = join(home, 'empty')
    const step = Math.ceil(bytes / 60)
    for (let at = 10; at < bytes; at += step) {
      const damaged = Buffer.from(whole)
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      writeFileSync(file, damaged)
      // A bit that the packing makes no use of damages nothing.
      if (!unpacks(damaged, whole)) {
        const refused = expect(restored(file, empty), `byte ${at}`)
        await refused.rejects.toThrow(ArchiveDamaged)
      }
      writeFileSync(file, whole)
      truncateSync(file, at)
      await expect(restored(file, empty), `cut at ${at}`).rejects.toThrow(ArchiveDamaged)
    }
    expect(readdirSync(empty)).toEqual([])
  })

  it.each([
    ['leads out of the folder', '../evil', '0'],
    ['is absolute', '/etc/evil', '0'],
    ['is a link', 'store/link', '2'],
    ['is another name of a file', 'store/link', '1'],
    ['is a device', 'store/device', '3'],
    ['is a pipe', 'store/pipe', '6'],
    ['is no part of a backup', 'run/evil', '0'],
  ])('C12 with a name that %s is refused', async (_what, name, type) => {
    await refused(/./, entry(name, Buffer.from('x'), type), TAR_END)
  })

  it.each([
    ['of another format', '{"format":2,"version":"9","createdAt":"","files":[]}'],
    ['that is no list', '<html>'],
    ['without one', undefined],
  ])('C12 with a list of contents %s is refused', async (_what, list) => {
    const listed = list === undefined ? [] : [entry(MANIFEST, Buffer.from(list))]
    const secrets = entry('secrets.json', Buffer.from('{}'))
    await refused(/list of contents/, secrets, ...listed, TAR_END)
  })

  it('C12 that says it is 8 GB is refused before it is unpacked', async () => {
    const name = 'spool/fax/bomb.tif'
    const header = tarHeader({ name, size: 8e9, mode: 0o600, modifiedAt: 0 })
    const begun = Date.now()
    await refused(/unpack to more/, header, Buffer.alloc(50_000_000), TAR_END)
    expect(Date.now() - begun).toBeLessThan(5_000)
  })

  it('C12 of many files that grow together is refused too', async () => {
    const nothing = Buffer.alloc(8_000_000)
    const all = Array.from({ length: 12 }, (_, at) => entry(`spool/${at}.wav`, nothing))
    await refused(/unpack to more/, ...all, TAR_END)
  })

  function entry(name: string, content: Buffer, type = '0'): Buffer {
    const { length: size } = content
    const header = tarHeader({ name, size, mode: 0o600, modifiedAt: 0 })
    header.write(type, 156)
    header.write('        ', 148)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    return Buffer.concat([header, content, tarPadding(size)])
  }

  async function refused(why: RegExp, ...bytes: readonly Buffer[]): Promise<void> {
    writeFileSync(file, gzipSync(Buffer.concat(bytes)))
    const target = join(home, 'target')
    const done = restored(file, target)
    await expect(done).rejects.toThrow(ArchiveDamaged)
    await expect(done).rejects.toThrow(why)
    expect(readdirSync(target)).toEqual([])
  }

  it('of nothing is refused', async () => {
    await expect(backup(join(home, 'nothing'), file)).rejects.toThrow(
      'nothing to back up',
    )
  })
})

describe('retention', () => {
  const DAY_MS = 86_400_000

  it('deletes whole messages, faxes and finished logs by age; first it only counts', async () => {
    const box = 'spool/voicemail/default/0033972100001/INBOX'
    const old = [
      put(`${box}/msg0001.txt`, ''),
      put(`${box}/msg0001.wav`, ''),
      put('log/messages.log.3', ''),
      put('log/messages.log', ''),
      put('spool/fax/0033972100001-0.tif', ''),
    ]
    const then = (Date.now() - 10 * DAY_MS) / 1000
    for (const path of old) utimesSync(path, then, then)
    const limit = Date.now() - 5 * DAY_MS
    const limits = { voicemailBefore: limit, logBefore: limit }
    const counted = { messages: 1, faxes: 1, logs: 1 }
    expect(await forgetOld(dir, limits, true)).toEqual(counted)
    expect(await forgetOld(dir, limits, false)).toEqual(counted)
    expect(await forgetOld(dir, limits, false)).toEqual({
      messages: 0,
      faxes: 0,
      logs: 0,
    })
    expect(readdirSync(join(dir, box))).toEqual(['msg0000.txt', 'msg0000.wav'])
    expect(readdirSync(join(dir, 'log'))).toEqual(['messages.log'])
  })
})
