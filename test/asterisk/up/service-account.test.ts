import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { locateAsterisk } from '../../../src/instance/package.js'
import { chooseUser } from '../../../src/instance/user.js'
import { claimNetwork, type TestNetwork } from '../../rig/ports.js'
import { program, runProgram } from '../../rig/program.js'
import { siteText } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'

const account = chooseUser()

/** As ops/systemd: the service has an account of its own, its operator is root. */
describe.skipIf(!account)('a system of an account of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lk-account-'))
  const state = join(folder, 'state')
  const site = join(folder, 'site.yaml')
  const { uid = 0, gid = 0 } = account ?? {}
  let network: TestNetwork
  let up: ChildProcess | undefined

  async function start(): Promise<void> {
    const { command, argv } = await locateAsterisk({})
    const asterisk = argv.at(-1) ?? command
    const words = ['up', site, '--dir', state, '--asterisk', asterisk]
    const started = spawn(process.execPath, [program, ...words], {
      ...{ uid, gid, stdio: 'ignore' },
    })
    up = started
    await until('calls are decided', ready, { limitSeconds: 30 })
  }

  const ready = async (): Promise<boolean> => {
    const answer = await fetch(`http://${network.system}:8080/readyz`).catch(
      () => undefined,
    )
    return answer?.status === 200
  }

  async function stop(): Promise<void> {
    if (!up) return
    const ended = once(up, 'exit')
    up.kill('SIGTERM')
    await ended
    up = undefined
  }

  /** Root's own edit: the account may not read it. */
  function writeSite(...moreShortNumbers: string[]): string {
    const edited = join(folder, 'edited.yaml')
    writeFileSync(edited, siteText(network, { moreShortNumbers }), { mode: 0o600 })
    return edited
  }

  const asRoot = async (...argv: string[]): Promise<void> => {
    const { exitCode, stderr } = await runProgram([...argv, '--dir', state])
    expect(exitCode, stderr).toBe(0)
  }

  function ofOthers(): string[] {
    const entries = readdirSync(state, { recursive: true, encoding: 'utf8' })
    return entries.filter((name) => {
      const found = statSync(join(state, name), { throwIfNoEntry: false })
      return found && found.uid !== uid && !name.startsWith('data/')
    })
  }

  beforeAll(async () => {
    network = await claimNetwork()
    chmodSync(folder, 0o755)
    mkdirSync(state)
    chownSync(state, uid, gid)
    writeFileSync(site, siteText(network), { mode: 0o640 })
    chownSync(site, uid, gid)
    await start()
  })
  afterAll(async () => {
    await stop()
    await network.release()
    rmSync(folder, { recursive: true, force: true })
  })

  test('what root applies, its controller reads, also when it starts again', async () => {
    const edited = writeSite('{ number: "7002", to: "0033612345678" }')
    await asRoot('plan', edited)
    await asRoot('apply', edited, '--yes')
    expect(ofOthers()).toEqual([])
    await stop()
    await start()
  })

  test('what root restores, it finds as its own', async () => {
    const file = join(folder, 'backup.tar.gz')
    await asRoot('backup', file)
    await stop()
    await asRoot('restore', file, '--replace')
    expect(ofOthers()).toEqual([])
    await start()
  })
})
