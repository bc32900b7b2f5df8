import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyJob } from '../../../src/config/apply-site.js'
import { type Deployed, deploy } from './deployed.js'
import { numberOf, siteText } from './site-text.js'

const agree = () => Promise.resolve(true)

describe('apply on a running Asterisk', () => {
  let here: Deployed

  beforeAll(async () => {
    here = await deploy(10)
  })
  afterAll(() => here.end())

  const current = () => readlinkSync(join(here.dir, 'etc/current'))

  it('makes one changed line effective and reloads only what reads it', async () => {
    const text = siteText(here.address, 10, { 3: { name: 'Renamed' } })
    const { applied, plan } = await applyJob(here.job(text), agree)

    expect(applied).toEqual({ kind: 'applied', folder: current() })
    expect(plan.change.modules).toEqual(['res_pjsip.so', 'pbx_config.so'])
    expect(plan.items).toMatchObject([{ name: numberOf(3), fields: [{ field: 'name' }] }])
    expect(await here.asterisk.generation()).toBe(current().slice('gen-'.length))
    const shown = await here.console(`pjsip show endpoint ${numberOf(3)}`)
    expect(shown).toContain('"Renamed"')
  })

  it('does nothing when nothing has changed', async () => {
    const folders = readdirSync(join(here.dir, 'etc'))
    const before = await here.ami.send({ Action: 'CoreStatus' })
    const text = siteText(here.address, 10, { 3: { name: 'Renamed' } })
    const { applied } = await applyJob(here.job(`# a comment\n${text}`), agree)

    expect(applied).toEqual({ kind: 'nothingToDo' })
    expect(readdirSync(join(here.dir, 'etc'))).toEqual(folders)
    const after = await here.ami.send({ Action: 'CoreStatus' })
    expect(after['corereloadtime']).toBe(before['corereloadtime'])
  })
})
