import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connectAmi } from '../../../src/ami/ami.js'
import { askPhones } from '../../../src/ami/ask-phones.js'
import {
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { Secret } from '../../../src/model/secret.js'
import { bareAsterisk } from '../../rig/bare-asterisk.js'
import { claimNetwork } from '../../rig/ports.js'

const account = { username: 'linekeeper', password: new Secret('of-this-test-alone') }

it('an Asterisk that boots knows no PJSIP yet: its phones are asked again later', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-asked-'))
  const network = await claimNetwork()
  const host = network.system
  const asterisk = await startAsterisk(
    await bareAsterisk(dir, {
      'modules.conf': '[modules]\nautoload = no\n',
      'manager.conf':
        `[general]\nenabled = yes\nbindaddr = ${host}\n` +
        `[${account.username}]\nsecret = ${account.password.reveal()}\nwrite = system\n`,
    }),
  )
  await waitBooted(asterisk)
  const ami = await connectAmi({ host, port: 5038, ...account })
  const asked = ami.send({ Action: 'PJSIPShowContacts' })
  await expect(asked).rejects.toThrow('Invalid/unknown command')
  await expect(askPhones(ami)).resolves.toBeUndefined()
  ami.close()
  await stop(asterisk)
  await network.release()
  rmSync(dir, { recursive: true })
})
