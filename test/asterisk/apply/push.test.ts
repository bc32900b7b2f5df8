import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dbTree } from '../../../src/ami/database.js'
import { applyChange, type Changed, type News } from '../../../src/config/apply.js'
import { planJob } from '../../../src/config/apply-site.js'
import { realHands } from '../../../src/config/hands.js'
import type { PushedObject } from '../../../src/config/line-push.js'
import {
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { rx } from '../../../src/instance/remote-console.js'
import { runSipp } from '../../rig/sipp.js'
import { type Deployed, deploy } from './deployed.js'
import { type LineText, numberOf, siteText } from './site-text.js'

const register = join(import.meta.dirname, '../forwarding/register.xml')
const newPassword = 'Hq7mB2uHc9Jp4TxW'

let here: Deployed

beforeEach(async () => {
  here = await deploy(10)
})
afterEach(() => here.end())

/** The site with its line 3 changed. */
function withLine3(line: LineText): string {
  return siteText(here.address, 10, { 3: line })
}

/** Whether the phone of line 3 may register. */
async function registers({ password, at }: { password?: string; at?: number } = {}) {
  const { exitCode } = await runSipp({
    scenario: register,
    address: here.address.replace(/\.1$/, `.${at ?? 20}`),
    remote: `${here.address}:5060`,
    service: numberOf(3),
    user: numberOf(3),
    password: password ?? 'Zt5nB8uHc3Jp00003',
    keys: { phone: '5060' },
    limitSeconds: 5,
  })
  return exitCode === 0
}

function pushed(): Promise<ReadonlyMap<string, string>> {
  return here.reach(({ ami }) => dbTree(ami, 'lk_pjsip').catch(() => new Map()))
}

describe('a change of one line is pushed', () => {
  it('a new password counts at once, and the registered phone stays', async () => {
    expect(await registers()).toBe(true)
    const applied = await here.apply(withLine3({ password: newPassword }))
    expect(applied.kind).toBe('applied')

    expect(await here.console('pjsip show contacts')).toContain(numberOf(3))
    expect(await registers()).toBe(false)
    expect(await registers({ password: newPassword })).toBe(true)
    expect([...(await pushed()).keys()]).toEqual([`auth/${numberOf(3)}`])
  })

  it('the networks a phone may be in, several of them', async () => {
    const networks = `${here.address.replace(/\.1$/, '.30')}/32, ${here.address.replace(/\.1$/, '.31')}/32`
    await here.apply(withLine3({ networks }))
    expect(await registers({ at: 29 })).toBe(false)
    expect(await registers({ at: 30 })).toBe(true)
    expect(await registers({ at: 31 })).toBe(true)
    await here.apply(withLine3({}))
    expect(await registers({ at: 29 })).toBe(true)
  })

  it('all that the file says of the line is said by what is pushed', async () => {
    const shown = () => here.console(`pjsip show endpoint ${numberOf(3)}`)
    const before = await shown()
    // Away from the file's version, and back to the very same.
    await here.apply(withLine3({ name: 'Renamed' }))
    expect(await shown()).toContain('"Renamed"')
    await here.apply(withLine3({}))
    expect([...(await pushed()).keys()]).toEqual([`endpoint/${numberOf(3)}`])
    expect(await shown()).toBe(before)
  })

  it('after a restart the files say it, and nothing pushed is left', async () => {
    await here.apply(withLine3({ name: 'Renamed', password: newPassword }))
    await stop(here.process)
    const again = await startAsterisk(here.process.instance)
    await waitBooted(again)
    try {
      const shown = await rx(again.instance, `pjsip show endpoint ${numberOf(3)}`)
      expect(shown).toContain('"Renamed"')
      expect(await rx(again.instance, 'database show lk_pjsip')).toContain('0 results')
      expect(await registers({ password: newPassword })).toBe(true)
    } finally {
      await stop(again)
    }
  })

  it('a reload for another change takes all into the files', async () => {
    await here.apply(withLine3({ name: 'Renamed' }))
    expect((await pushed()).size).toBe(1)
    const more = siteText(here.address, 11, { 3: { name: 'Renamed' } })
    expect((await here.apply(more)).kind).toBe('applied')
    expect((await pushed()).size).toBe(0)
    expect(await here.console(`pjsip show endpoint ${numberOf(3)}`)).toContain(
      '"Renamed"',
    )
    // A line that goes also needs the reload.
    expect((await here.apply(withLine3({ name: 'Renamed' }))).kind).toBe('applied')
    expect(await here.console('pjsip show endpoints')).not.toContain(numberOf(10))
  })
})

describe('what Asterisk does not take is taken back', () => {
  it.each<[string, (object: PushedObject) => PushedObject[]]>([
    ['a codec it does not know', (object) => [withOption(object, 'allow', 'nonesuch')]],
    ['what never arrived', () => []],
  ])('%s', async (_name, damage) => {
    await here.apply(withLine3({ name: 'First' }))
    const before = here.current()
    const changed = await applyDamaged(withLine3({ name: 'Second' }), damage)

    expect(changed).toMatchObject({ kind: 'rolledBack', left: [] })
    expect(here.current()).toBe(before)
    expect(`gen-${await here.running()}`).toBe(before)
    expect(await here.console(`pjsip show endpoint ${numberOf(3)}`)).toContain('"First"')
    expect((await pushed()).size).toBe(0)
    expect((await here.apply(withLine3({ name: 'Second' }))).kind).toBe('applied')
    expect(await here.console(`pjsip show endpoint ${numberOf(3)}`)).toContain('"Second"')
  })
})

function withOption(object: PushedObject, name: string, value: string): PushedObject {
  return { ...object, options: new Map([...object.options, [name, value]]) }
}

/** An apply that pushes something else than what was planned and is proved. */
function applyDamaged(
  text: string,
  damage: (object: PushedObject) => PushedObject[],
): Promise<Changed> {
  return here.reach(async ({ asterisk, job: jobOf }) => {
    const job = jobOf(text)
    const { change } = await planJob(job)
    const damaged = (news: News): News =>
      news.pushed ? { ...news, pushed: news.pushed.flatMap(damage) } : news
    const takeOver: typeof asterisk.takeOver = (news) => asterisk.takeOver(damaged(news))
    const hands = realHands(here.dir, job.reader, { ...asterisk, takeOver })
    return applyChange(change, hands, new AbortController().signal)
  })
}
