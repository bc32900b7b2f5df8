import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collectFacts } from '../../../src/cli/doctor-facts.js'
import { deviations } from '../../../src/config/doctor.js'
import { type Deployed, deploy } from '../apply/deployed.js'

let deployed: Deployed

beforeEach(async () => {
  deployed = await deploy(3)
})

afterEach(async () => {
  await deployed.end()
})

async function diagnosed(): Promise<string[]> {
  const facts = await collectFacts(deployed.dir)
  if (typeof facts === 'string') throw new Error(facts)
  return deviations(facts).map(({ code, message }) => `${code}: ${message}`)
}

it('the doctor finds nothing in a fresh deployment, and then what was done to it', async () => {
  expect(await diagnosed()).toEqual([])

  await deployed.console('module load app_chanspy.so')
  await deployed.console('module unload app_read.so')
  chmodSync(join(deployed.dir, 'etc/current/pjsip_auth.conf'), 0o644)
  expect(await diagnosed()).toEqual([
    'module.extra: app_chanspy must not run (T35)',
    'module.missing: app_read is not running',
    'file.mode: etc/current/pjsip_auth.conf has mode 0644',
  ])
})

it('an Asterisk that does not run cannot be asked', async () => {
  expect(await collectFacts(join(deployed.dir, 'nowhere'))).toContain(
    'nothing is deployed',
  )
})
