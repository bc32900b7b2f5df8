import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AsteriskProcess,
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { rx } from '../../../src/instance/remote-console.js'
import { loseController } from '../../rig/asterisk-console.js'
import { bareAsterisk } from '../../rig/bare-asterisk.js'
import { faxPage, rowsOfPages } from '../../rig/fax-page.js'
import { carrierAddress } from '../../rig/site-text.js'
import { startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { switchboard } from '../rig/switchboard.js'
import { controllers, desk, Estate, estateSite } from './estate.js'

describe.each(controllers)('controller %s', (controller) => {
  let estate: Estate
  /** Another Asterisk, in the carrier's place: a machine that sends faxes. */
  let machine: AsteriskProcess
  const dir = mkdtempSync(join(tmpdir(), 'lk-fax-'))

  beforeAll(async () => {
    const system = await startSystem(estateSite)
    estate = new Estate(system, controller)
    machine = await faxMachine(dir, carrierAddress(system.network), system.network.system)
    if (controller === 'gone') await loseController(system)
  })
  afterAll(async () => {
    if (machine) await stop(machine)
    await estate.system.close()
    rmSync(dir, { recursive: true, force: true })
  })

  test('CFU to fax: the page arrives in the spool, and holds no slot', async () => {
    const page = join(dir, 'page.tif')
    writeFileSync(page, faxPage(400))
    const spool = join(estate.system.state, 'spool/fax')
    const callee = `PJSIP/+${desk.fax.slice(2)}@system`
    await rx(machine.instance, `channel originate ${callee} application SendFAX ${page}`)
    await until('the line is called', async () => (await channels()) > 0)
    await estate.expectInUse(desk.fax, 0)
    await until('the fax is over', async () => (await channels()) === 0, {
      limitSeconds: 60,
    })
    const [file = ''] = existsSync(spool) ? readdirSync(spool) : []
    expect(file).toMatch(new RegExp(`^${desk.fax}-.*\\.tif$`))
    expect(rowsOfPages(readFileSync(join(spool, file)))).toEqual([400])
    await estate.silence()
  })

  async function channels(): Promise<number> {
    return ((await estate.system.ari('channels')) as unknown[]).length
  }
})

async function faxMachine(
  dir: string,
  address: string,
  system: string,
): Promise<AsteriskProcess> {
  const files = switchboard(address, [])
  const pjsip = `${files['pjsip.conf']}
[system]
type = endpoint
context = lines
disallow = all
allow = alaw
aors = system
from_user = +33612345678
direct_media = no
[system]
type = aor
contact = sip:${system}:5060
`
  const machine = await startAsterisk(
    await bareAsterisk(dir, { ...files, 'pjsip.conf': pjsip }),
  )
  await waitBooted(machine)
  return machine
}
