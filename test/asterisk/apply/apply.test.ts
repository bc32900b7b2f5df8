import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newsOf } from '../../../src/config/apply.js'
import { planJob } from '../../../src/config/apply-site.js'
import { type Deployed, deploy } from './deployed.js'
import { numberOf, siteText } from './site-text.js'

describe('apply on a running Asterisk', () => {
  let here: Deployed

  beforeAll(async () => {
    here = await deploy(10)
  })
  afterAll(() => here.end())

  const renamed = () => siteText(here.address, 10, { 3: { name: 'Renamed' } })

  it('makes one changed line effective without a reload of PJSIP', async () => {
    const plan = await here.reach(({ job }) => planJob(job(renamed())))
    expect(newsOf(plan.change)).toMatchObject({
      modules: ['pbx_config.so'],
      pushed: [{ type: 'endpoint', id: numberOf(3) }],
    })
    expect(plan.items).toMatchObject([{ name: numberOf(3), fields: [{ field: 'name' }] }])

    const applied = await here.apply(renamed())
    expect(applied).toEqual({ kind: 'applied', folder: here.current() })
    expect(`gen-${await here.running()}`).toBe(here.current())
    const shown = await here.console(`pjsip show endpoint ${numberOf(3)}`)
    expect(shown).toContain('"Renamed"')
  })

  it('does nothing when nothing has changed', async () => {
    const folders = readdirSync(join(here.dir, 'etc'))
    const reloadedAt = () => here.console('core show uptime seconds')
    const before = /Last reload: (\d+)/.exec(await reloadedAt())?.[1]

    expect(await here.apply(`# a comment\n${renamed()}`)).toEqual({ kind: 'nothingToDo' })
    expect(readdirSync(join(here.dir, 'etc'))).toEqual(folders)
    const after = /Last reload: (\d+)/.exec(await reloadedAt())?.[1]
    expect(Number(after)).toBeGreaterThanOrEqual(Number(before))
  })

  it('adds a line and removes it again', async () => {
    await here.apply(siteText(here.address, 11, { 3: { name: 'Renamed' } }))
    expect(await here.console('pjsip show endpoints')).toContain(numberOf(10))
    await here.apply(renamed())
    expect(await here.console('pjsip show endpoints')).not.toContain(numberOf(10))
  })

  it('catches up an Asterisk that runs another generation', async () => {
    const applied = await here.reach(async ({ ami, job }) => {
      await ami.send({ Action: 'Setvar', Variable: 'GLOBAL(LK_GEN)', Value: 'other' })
      return (await planJob(job(renamed()))).behind
    })
    expect(applied).toBe(true)
    expect((await here.apply(renamed())).kind).toBe('applied')
    expect(`gen-${await here.running()}`).toBe(here.current())
  })
})
