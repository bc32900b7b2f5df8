import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectAri } from '../../../src/ari/connect.js'
import type { Ari } from '../../../src/ari/connection.js'
import { onlineEndpoints } from '../../../src/ari/live.js'
import { isAlive } from '../../../src/instance/asterisk-process.js'
import { until } from '../../rig/until.js'
import { type Deployed, deploy } from './deployed.js'
import { numberOf, siteText } from './site-text.js'

/** Their endpoints are listed in more bytes than Asterisk's websocket survives. */
const LINES = 9_000

let here: Deployed

beforeAll(async () => {
  here = await deploy(LINES)
})
afterAll(() => here.end())

it('the list of thousands of lines is read without harm', async () => {
  const { ariPassword: password } = here.deployment
  const end = { host: here.address, port: 8088, password }
  let ari: Ari | undefined
  const up = (connected: Ari) => {
    ari = connected
  }
  const link = await connectAri(end, { up, event: () => {}, down: () => {} })
  try {
    const connected = await until('ARI is connected', () => ari)
    const endpoints = await connected.read('endpoints/PJSIP')
    expect(endpoints).toHaveLength(LINES + 1)
    expect(JSON.stringify(endpoints).length).toBeGreaterThan(500_000)
    expect([...(await onlineEndpoints(connected))]).toEqual(['carrier'])
    expect(isAlive(here.process)).toBe(true)
  } finally {
    link.close()
  }
})

it('one line of thousands is changed by a push', async () => {
  const before = reloads()
  const changed = siteText(here.address, LINES, { 7000: { name: 'Renamed' } })
  expect((await here.apply(changed)).kind).toBe('applied')
  const shown = await here.console(`pjsip show endpoint ${numberOf(7_000)}`)
  expect(shown).toContain('"Renamed"')
  expect(reloads()).toBe(before)
})

/** A reload of PJSIP says in the log that it keeps the transports. */
function reloads(): number {
  const log = readFileSync(`${here.dir}/log/messages.log`, 'utf8')
  return log.match(/Transport '\w+' is not fully reloadable/g)?.length ?? 0
}
