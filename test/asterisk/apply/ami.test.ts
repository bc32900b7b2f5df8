import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ami, connectAmi } from '../../../src/ami/ami.js'
import { dbDel, dbDelTree, dbGet, dbPut, dbTree } from '../../../src/ami/database.js'
import { contacts, endpoints } from '../../../src/ami/endpoints.js'
import { ping } from '../../../src/ami/ping.js'
import { reload } from '../../../src/ami/reload.js'
import { getVar } from '../../../src/ami/variable.js'
import { asteriskVersion } from '../../../src/ami/version.js'
import { mirror, mirrorOf } from '../../../src/config/mirror.js'
import { ALL_MODULES } from '../../../src/config/plan-modules.js'
import { Secret } from '../../../src/model/secret.js'
import { until } from '../../rig/until.js'
import { type Deployed, deploy, siteOf } from './deployed.js'
import { numberOf, siteText } from './site-text.js'

/** The account and the modules that the product renders, on a real Asterisk. */
let here: Deployed
let ami: Ami

beforeAll(async () => {
  here = await deploy(3)
  ami = await connectAmi(account())
})
afterAll(async () => {
  ami.close()
  await here.end()
})

function account() {
  const { address, deployment } = here
  const { amiPassword: password } = deployment
  return { host: address, port: 5038, username: 'linekeeper', password }
}

describe('the operations', () => {
  it('are allowed to our account, and no more than they', async () => {
    await ping(ami)
    expect(await asteriskVersion(ami)).toMatch(/^22\./)
    expect(await getVar(ami, 'LK_GEN')).toMatch(/^[0-9a-f]{16}$/)
    expect(await contacts(ami)).toEqual([])
    const names = (await endpoints(ami)).map(({ name }) => name).sort()
    expect(names).toEqual([numberOf(0), numberOf(1), numberOf(2), 'carrier'])
  })

  it.each(['Command', 'Originate', 'UpdateConfig'])(
    '%s stays forbidden (T22)',
    async (Action) => {
      const asked = ami.send({ Action, Command: 'core show version' })
      await expect(asked).rejects.toMatchObject({ kind: 'forbidden' })
    },
  )

  it.each(['UserEvent', 'VoicemailRemove'])(
    '%s is not for `apply`, only for the controller, which keeps the boxes',
    async (Action) => {
      const applying = await connectAmi({ ...account(), username: 'linekeeper-apply' })
      const asked = applying.send({ Action, Mailbox: numberOf(0) })
      await expect(asked).rejects.toMatchObject({ kind: 'forbidden' })
      applying.close()
    },
  )

  it.each(ALL_MODULES)('%s can be reloaded', async (module) => {
    await reload(ami, module)
  })

  it('write, read, list and remove entries of the database', async () => {
    await dbPut(ami, 'lk_test', 'a', 'x: y = é')
    expect(await dbGet(ami, 'lk_test', 'a')).toBe('x: y = é')
    expect(await dbTree(ami, 'lk_test')).toEqual(new Map([['a', 'x: y = é']]))
    await dbDel(ami, 'lk_test', 'a')
    await dbDel(ami, 'lk_test', 'a')
    expect(await dbGet(ami, 'lk_test', 'a')).toBeUndefined()
    await dbDelTree(ami, 'lk_test')
    expect(await dbTree(ami, 'lk_test')).toEqual(new Map())
  })

  it('send no value with a line end', async () => {
    const put = dbPut(ami, 'lk_test', 'a', 'x\r\nAction: Logoff')
    await expect(put).rejects.toThrow(/line end/)
    await ping(ami)
  })
})

describe('the mirror', () => {
  it('writes what differs, and removes what is stale', async () => {
    const site = siteOf(siteText(here.address, 3))
    await dbPut(ami, 'lk_line', 'stale', '9')
    await mirror(ami, mirrorOf(site))
    expect(await dbGet(ami, 'lk_line', numberOf(1))).toBe('2')
    expect(await dbGet(ami, 'lk_line', 'stale')).toBeUndefined()
    expect(await mirror(ami, mirrorOf(site))).toBe(0)
  })
})

describe('the connection', () => {
  it('tells a wrong password from an Asterisk that is away', async () => {
    // Our own name is taken by the connection above; Asterisk tells that first.
    const address = { host: here.address, port: 5038, username: 'nobody' }
    const wrong = connectAmi({ ...address, password: new Secret('wrong') })
    await expect(wrong).rejects.toMatchObject({ kind: 'wrongPassword' })
    const away = connectAmi({ ...address, port: 5039, password: new Secret('wrong') })
    await expect(away).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('ends in time while Asterisk is frozen, and works when it goes on', async () => {
    const { pid } = here.process
    process.kill(pid, 'SIGSTOP')
    try {
      // The signal is on its way to every thread: one of them may still answer.
      await until('Asterisk is frozen', () => stateOf(pid) === 'T')
      const asked = ami.send({ Action: 'Ping' }, 200)
      await expect(asked).rejects.toMatchObject({ kind: 'timeout' })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await ping(ami)
  })

  it('comes back by itself after Asterisk has dropped it', async () => {
    const changes: boolean[] = []
    ami.onChange((connected) => changes.push(connected))
    await ami.send({ Action: 'Logoff' })
    await until('the connection was lost and is back', () => changes.length === 2)
    expect(changes).toEqual([false, true])
    await ping(ami)
  })
})

/** `T` when every thread of it has stopped (proc(5)). */
function stateOf(pid: number): string | undefined {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  })
  return threads.every((state) => state === 'T') ? 'T' : threads[0]
}
