import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loseController } from '../../rig/asterisk-console.js'
import { numbers } from '../../rig/site-text.js'
import { Estate, type Phones, startEstate } from '../forwarding/estate.js'

const { alice, bob } = numbers

describe('tables of a spreadsheet', () => {
  let estate: Estate
  let phones: Phones

  beforeAll(async () => {
    ;({ estate, phones } = await startEstate('up', {}))
  })
  afterEach(() => estate.silence())
  afterAll(() => estate.system.close())

  function file(name: string, text: string): string {
    const path = join(estate.system.dir, name)
    writeFileSync(path, text)
    return path
  }

  const run = (...argv: readonly string[]) =>
    estate.system.run(...argv, '--dir', estate.system.state)

  test('imported short numbers and a black list hold for the next call', async () => {
    const shorts = file('team.csv', `7890;${bob};Bob;Martin\r\n`)
    const done = await run('short-numbers', 'import', shorts, '--group', 'paris')
    expect([done.exitCode, done.stdout]).toEqual([
      0,
      '1 rows, separator ;, utf-8: imported\n',
    ])
    const exported = await run('short-numbers', 'export', '-', '--group', 'paris')
    expect(exported.stdout).toContain(`7890,${bob},Bob,Martin`)
    await phones.alice.dial('7890')
    await phones.bob.ringing()
    await estate.silence()

    const list = file('blocked.csv', '+33612345678\n')
    expect(
      (await run('filter', 'import', alice, 'incoming', list, '--mode', 'black'))
        .exitCode,
    ).toBe(0)
    const call = await phones.carrier.dial(estate.dialIn(alice))
    expect((await phones.carrier.ended(call)).reason).toContain('403')
  })

  test.each([
    ['a mangled number', '7890,"6,12E+08",,\n', 'spreadsheet has changed it'],
    ['a wrong header', 'numero,cible,prenom,nom\n', 'is not the header'],
  ])('%s: exit 78, and nothing changes', async (_what, text, why) => {
    const { exitCode, stderr } = await run(
      'short-numbers',
      'import',
      file('bad.csv', text),
    )
    expect([exitCode, stderr]).toEqual([78, expect.stringContaining('csv.refused')])
    expect(stderr).toContain(why)
  })

  test('without controller they hold as well', async () => {
    await loseController(estate.system)
    estate = new Estate(estate.system, 'gone')
    await phones.alice.dial('7890')
    await phones.bob.ringing()
    await phones.alice.hangupAll()
    const call = await phones.carrier.dial(estate.dialIn(alice))
    expect((await phones.carrier.ended(call)).reason).toContain('403')
  })
})
