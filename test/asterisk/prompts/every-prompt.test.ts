import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { moduleGroups } from '../../../src/config/modules.js'
import {
  type AsteriskProcess,
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import {
  promptLanguages,
  promptNames,
  readPrompts,
} from '../../../src/instance/prompts.js'
import { rx } from '../../../src/instance/remote-console.js'
import { missingPrompts } from '../../../src/instance/sounds.js'
import { bareAsterisk } from '../../rig/bare-asterisk.js'
import { isSilent } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

const prompts = readPrompts()
const names = promptNames(prompts)
/** The product's own: a format it does not load must not pass here. */
const media = moduleGroups.find(({ modules }) => modules.includes('format_gsm'))

/** The extension N plays the N-th prompt, and writes down how that went. */
function dialplan(language: string): string {
  const lines = names.map(
    (name, index) => `exten => ${index},1,Set(CHANNEL(language)=${language})
 same => n,Answer()
 same => n,Playback(${name})
 same => n,Set(DB(played/${index})=\${PLAYBACKSTATUS})
`,
  )
  return `[play]\n${lines.join('')}`
}

describe.each(promptLanguages)('every prompt in %s', (language) => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-prompts-'))
  let asterisk: AsteriskProcess

  beforeAll(async () => {
    const more = ['pbx_config', 'app_playback', 'func_channel', 'func_db']
    const modules = [
      ...(media?.modules ?? []),
      ...more,
      'res_clioriginate',
      'res_convert',
    ]
    const load = modules.map((name) => `load = ${name}.so\n`).join('')
    const instance = await bareAsterisk(dir, {
      'modules.conf': `[modules]\nautoload = no\n${load}`,
      'extensions.conf': dialplan(language),
    })
    asterisk = await startAsterisk(instance)
    await waitBooted(asterisk)
  })
  afterAll(async () => {
    if (asterisk) await stop(asterisk)
    rmSync(dir, { recursive: true, force: true })
  })

  test('is there', () => {
    expect(missingPrompts(join(dir, 'data/sounds'))).toEqual([])
  })

  test('is played to its end', async () => {
    for (const index of names.keys()) {
      await console_(`channel originate Local/${index}@play/n application Wait 60`)
    }
    const played = async (): Promise<string[]> => {
      const rows = (await console_('database show played')).matchAll(
        /^\/played\/(\d+) *: (\w+)/gm,
      )
      return [...rows].map(([, index, status]) => `${names[Number(index)]} ${status}`)
    }
    await until(
      'every prompt has been played',
      async () => (await played()).length >= names.length,
      { limitSeconds: 60 },
    )
    const wanted = names.map((name) => `${name} SUCCESS`)
    expect((await played()).sort()).toEqual(wanted.sort())
  })

  test('is not silence', async () => {
    const sound = join(dir, 'spool/heard.sln')
    for (const { id } of prompts.own.filter(({ source }) => source === 'made')) {
      const file = join(dir, 'data/sounds', language, `lk-${id}.gsm`)
      expect(await console_(`file convert ${file} ${sound}`)).toContain('Converted')
      const bytes = readFileSync(sound)
      const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1)
      expect(isSilent(samples), id).toBe(false)
      rmSync(sound)
    }
  })

  function console_(command: string): Promise<string> {
    return rx(asterisk.instance, command)
  }
})
