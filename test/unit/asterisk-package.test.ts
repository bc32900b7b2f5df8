import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheFolder, isAtLeast, versionIn } from '../../asterisk/tree.mjs'
import { locateAsterisk } from '../../src/instance/package.js'
import { chooseUser } from '../../src/instance/user.js'

describe('the version of an Asterisk', () => {
  it.each([
    ['Asterisk 22.10.1+dfsg+~cs6.17.60671434-1', '22.10.1'],
    ['Asterisk 22.10.1', '22.10.1'],
    ['Asterisk certified-20.7-cert4', '20.7'],
    ['Asterisk GIT-master-abc', undefined],
    ['', undefined],
  ])('in %j is %j', (text, version) => {
    expect(versionIn(text)).toBe(version)
  })

  it.each([
    ['22.10.1', true],
    ['22.10.2', true],
    ['22.11.0', true],
    ['23.0.0', true],
    ['22.10.0', false],
    ['22.9.9', false],
    ['20.20.1', false],
    ['22', false],
  ])('%s is enough: %s', (version, enough) => {
    expect(isAtLeast(version, '22.10.1')).toBe(enough)
  })
})

describe('the cache folder', () => {
  it('is the one of the environment when that names one', () => {
    expect(cacheFolder({ LINEKEEPER_CACHE: '/somewhere' })).toBe('/somewhere')
  })
})

describe('locating Asterisk', () => {
  let dir: string

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lk-package-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  /** A program that answers -V like an Asterisk of this version. */
  function program(version: string): string {
    const path = join(dir, 'opt/sbin/asterisk')
    mkdirSync(join(dir, 'opt/sbin'), { recursive: true })
    writeFileSync(path, `#!/bin/sh\necho "Asterisk ${version}"\n`)
    chmodSync(path, 0o755)
    return path
  }

  it('says where the private one was looked for, and how to get it', async () => {
    await expect(async () => locateAsterisk({ cache: dir })).rejects.toMatchObject({
      code: 'asterisk.missing',
      message: expect.stringMatching(/fetch\.mjs.*--asterisk PATH/),
    })
  })

  it('refuses a path where there is nothing', async () => {
    const asterisk = join(dir, 'nothing')
    await expect(async () => locateAsterisk({ asterisk })).rejects.toMatchObject({
      code: 'asterisk.missing',
    })
  })

  it('refuses an Asterisk that can be crashed from the network', async () => {
    const asterisk = program('22.10.0')
    mkdirSync(join(dir, 'opt/lib/asterisk/modules'), { recursive: true })
    await expect(async () => locateAsterisk({ asterisk })).rejects.toMatchObject({
      code: 'asterisk.tooOld',
      message: expect.stringContaining('Asterisk 22.10.0, at least 22.10.1'),
    })
  })

  it('refuses a program that does not run', async () => {
    const asterisk = program('22.10.1')
    chmodSync(asterisk, 0o644)
    await expect(async () => locateAsterisk({ asterisk })).rejects.toMatchObject({
      code: 'asterisk.unusable',
    })
  })

  it('refuses an Asterisk without its modules', async () => {
    const asterisk = program('22.10.1')
    await expect(async () => locateAsterisk({ asterisk })).rejects.toMatchObject({
      code: 'asterisk.unusable',
      message: expect.stringContaining('modules'),
    })
  })

  it.each([
    'lib/asterisk/modules',
    'lib64/asterisk/modules',
    'lib/x86_64-linux-gnu/asterisk/modules',
  ])('finds modules and data beside a program: %s', async (modules) => {
    const asterisk = program('23.1.0')
    const modulesDir = join(dir, 'opt', modules)
    const dataDir = join(dir, 'opt/var/lib/asterisk')
    mkdirSync(modulesDir, { recursive: true })
    mkdirSync(join(dataDir, 'rest-api'), { recursive: true })
    writeFileSync(join(modulesDir, 'app_dial.so'), '')
    const found = {
      command: asterisk,
      argv: [],
      modulesDir,
      dataDir,
      version: '23.1.0',
    }
    expect(await locateAsterisk({ asterisk })).toEqual(found)
    // As a state folder remembers it, whose Asterisk is asked with nothing said.
    expect(await locateAsterisk({ modulesDir, cache: dir })).toEqual(found)
  })

  it('takes the private one when the modules of a state folder are gone', async () => {
    const modulesDir = join(dir, 'removed/lib/asterisk/modules')
    const located = async () => locateAsterisk({ modulesDir, cache: dir })
    await expect(located).rejects.toMatchObject({ code: 'asterisk.missing' })
  })
})

describe.runIf(process.getuid?.() === 0)('the user Asterisk runs as', () => {
  it.each([
    ['asterisk', 'root:x:0:0\nnobody:x:65534:65534\nasterisk:x:109:114\n', 109],
    ['nobody', 'root:x:0:0\nnobody:x:65534:65534\n', 65534],
    ['nobody', 'asterisk:x:0:0\nnobody:x:99:99\n', 99],
    ['nobody', '', 65534],
  ])('is %s', (name, passwd, uid) => {
    const dir = mkdtempSync(join(tmpdir(), 'lk-passwd-'))
    writeFileSync(join(dir, 'passwd'), passwd)
    expect(chooseUser(join(dir, 'passwd'))).toMatchObject({ name, uid })
    rmSync(dir, { recursive: true })
  })
})
