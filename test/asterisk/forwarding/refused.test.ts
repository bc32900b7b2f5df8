import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimNetwork, type TestNetwork } from '../../rig/ports.js'
import { numbers, type SiteChanges, siteText } from '../../rig/site-text.js'
import { runProgram } from '../../rig/system.js'

const dir = mkdtempSync(join(tmpdir(), 'lk-refused-'))
let network: TestNetwork

beforeAll(async () => {
  network = await claimNetwork()
})
afterAll(async () => {
  await network.release()
  rmSync(dir, { recursive: true, force: true })
})

const always = (to: string): string => `forwarding: { unconditional: { to: ${to} } }`

test.each<[string, number, string, SiteChanges['lines']]>([
  [
    'A to B to A',
    4,
    'forward.loop',
    { alice: always(`"${numbers.bob}"`), bob: always(`"${numbers.alice}"`) },
  ],
  ['a fax without a fax plan', 4, 'forward.fax', { alice: always('fax') }],
  ['a premium number', 4, 'forward.class', { alice: always('"0899123456"') }],
  ['a box that does not exist', 78, 'ref.missing', { alice: always('voicemail') }],
  [
    'the box of a line that has none',
    78,
    'ref.missing',
    { alice: always(`{ voicemail: "${numbers.bob}" }`) },
  ],
])('validate refuses %s', async (_what, exitCode, code, lines = {}) => {
  const site = join(dir, 'site.yaml')
  writeFileSync(site, siteText(network, { lines }), { mode: 0o600 })
  const validated = await runProgram(['validate', site])
  expect(validated.exitCode).toBe(exitCode)
  expect(validated.stdout + validated.stderr).toContain(code)
})
