import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sealGeneration, unsealed } from '../../../src/config/generation.js'
import {
  pointCurrentTo,
  pruneGenerations,
  readDeployed,
  stageGeneration,
} from '../../../src/config/generation-folder.js'
import { readJournal, writeJournal } from '../../../src/config/journal.js'

const files = (text: string) => [
  { name: 'extensions.conf', text: '[from-line]\n' },
  { name: 'pjsip.conf', text },
  { name: 'site.yaml', text: 'secret' },
]

describe('sealGeneration', () => {
  it('gives equal files one name, whatever their order, and others another', () => {
    const { hash } = sealGeneration(files('a'))
    expect(sealGeneration(files('a').toReversed()).hash).toBe(hash)
    expect(sealGeneration(files('b')).hash).not.toBe(hash)
  })

  it('ends the dialplan with the name, and can take it away again', () => {
    const { hash, files: sealed } = sealGeneration(files('a'))
    expect(sealed[0]?.text).toBe(`[from-line]\n\n[globals]\nLK_GEN=${hash}\n`)
    expect(unsealed(sealed)).toEqual(files('a'))
  })
})

describe('generations on the disk', () => {
  let dir: string
  const etc = () => join(dir, 'etc')
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lk-generation-'))
    mkdirSync(etc())
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const use = async (text: string) => {
    const folder = await stageGeneration(dir, sealGeneration(files(text)))
    await pointCurrentTo(dir, folder)
    return folder
  }

  it('are not there before the first apply', async () => {
    expect(await readDeployed(dir)).toBeUndefined()
  })

  it('can be read by Asterisk, all but the site file', async () => {
    const folder = await use('a')
    const mode = (name: string) => statSync(join(etc(), folder, name)).mode & 0o777
    expect([mode('.'), mode('pjsip.conf'), mode('site.yaml')]).toEqual([
      0o750, 0o640, 0o600,
    ])
  })

  it('know the files that were edited, removed or put there', async () => {
    const folder = await use('a')
    expect((await readDeployed(dir))?.drift).toEqual([])
    appendFileSync(join(etc(), folder, 'pjsip.conf'), 'x')
    writeFileSync(join(etc(), folder, 'new.conf'), 'x')
    rmSync(join(etc(), folder, 'site.yaml'))
    expect((await readDeployed(dir))?.drift).toEqual([
      'new.conf',
      'pjsip.conf',
      'site.yaml',
    ])
  })

  it('keep an edit when the same generation is written again', async () => {
    const folder = await use('a')
    appendFileSync(join(etc(), folder, 'pjsip.conf'), 'mine')
    await stageGeneration(dir, sealGeneration(files('a')))
    // Until the switch, what was edited is what is served.
    expect(readFileSync(join(etc(), 'current/pjsip.conf'), 'utf8')).toBe('amine')
    await pointCurrentTo(dir, folder)
    expect((await readDeployed(dir))?.drift).toEqual([])
    expect(readdirSync(etc()).some((name) => name.startsWith('edited-'))).toBe(true)
  })

  it('are pruned to the last ones; the current and the edited stay', async () => {
    const first = await use('first')
    appendFileSync(join(etc(), first, 'pjsip.conf'), 'mine')
    const second = await use('second')
    for (const text of ['c', 'd', 'e', 'f', 'g', 'h']) await use(text)
    mkdirSync(join(etc(), '.draft-dead'))
    const current = await use('second')
    await pruneGenerations(dir)

    expect(current).toBe(second)
    const left = readdirSync(etc()).filter((name) => name !== 'current')
    expect(left).toContain(first)
    expect(left).toContain(second)
    expect(left).not.toContain('.draft-dead')
    expect(left).toHaveLength(6)
  })

  it('are named by a link that never names a missing one', async () => {
    await use('a')
    await expect(pointCurrentTo(dir, 'gen-0000000000000000')).rejects.toThrow(/gone/)
    expect(await readDeployed(dir)).toBeDefined()
  })

  it('have a journal that survives somebody else writing in it', async () => {
    expect(await readJournal(dir)).toBeUndefined()
    const journal = {
      state: 'swapped',
      from: 'gen-aa',
      to: 'gen-bb',
      modules: [],
    } as const
    await writeJournal(dir, journal)
    expect(await readJournal(dir)).toEqual(journal)
    for (const text of ['', '{"state":"swapped","to":"../../etc","modules":[]}']) {
      writeFileSync(join(dir, 'apply-journal.json'), text)
      expect(await readJournal(dir)).toBeUndefined()
    }
  })
})
