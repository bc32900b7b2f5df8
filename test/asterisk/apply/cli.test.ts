import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { readJournal } from '../../../src/config/journal.js'
import { takeLock } from '../../../src/config/lock.js'
import { interruptedAfter } from '../../rig/crash.js'
import { slowness } from '../../rig/slowness.js'
import { runProgram } from '../../rig/system.js'
import { type Deployed, deploy } from './deployed.js'
import { numberOf, siteText } from './site-text.js'

let here: Deployed

beforeAll(async () => {
  here = await deploy(10)
})
afterAll(() => here.end())

/** Runs a command on a site of so many lines. */
function on(lines: number, command: 'plan' | 'apply', ...options: string[]) {
  const site = join(here.dir, 'site.yaml')
  writeFileSync(site, siteText(here.address, lines))
  return runProgram([command, site, '--dir', here.dir, ...options])
}

describe('linekeeper plan', () => {
  it('exits 0 for changes, and 2 when it is asked to tell', async () => {
    expect((await on(11, 'plan')).exitCode).toBe(0)
    expect((await on(11, 'plan', '--detailed-exitcode')).exitCode).toBe(2)
    expect((await on(10, 'plan', '--detailed-exitcode')).exitCode).toBe(0)
  })

  it('prints one JSON document without a secret', async () => {
    const { stdout } = await on(11, 'plan', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      changes: true,
      items: [{ what: 'line', name: numberOf(10), kind: 'add' }],
      reload: ['res_pjsip.so', 'pbx_config.so'],
    })
    expect(stdout).not.toContain('Zt5nB8uHc3Jp')
  })
})

describe('linekeeper apply', () => {
  it('assumes no consent where nobody can be asked (C04)', async () => {
    const { exitCode, stderr } = await on(11, 'apply')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('confirm.required')
  })

  it('applies the plan that was read, and no other', async () => {
    const { checksum } = JSON.parse((await on(11, 'plan', '--json')).stdout)
    expect((await on(12, 'apply', '--plan', checksum)).stderr).toContain('plan.changed')
    expect((await on(11, 'apply', '--plan', checksum)).exitCode).toBe(0)
    expect(await here.console('pjsip show endpoints')).toContain(numberOf(10))
  })

  it('wants the number of lines of a mass deletion (Y40)', async () => {
    const without = await on(5, 'apply', '--yes')
    expect(without.exitCode).toBe(4)
    expect(without.stderr).toContain('apply.massDelete')
    expect((await on(5, 'apply', '--yes', '--confirm-delete', '5')).exitCode).toBe(4)
    expect((await on(5, 'apply', '--yes', '--confirm-delete', '6')).exitCode).toBe(0)
  })

  it('does not override an edit by hand unread, and keeps it', async () => {
    await on(10, 'apply', '--yes')
    const edited = join(here.dir, 'etc', here.current(), 'rtp.conf')
    appendFileSync(edited, 'probation = 9\n')
    const refused = await on(10, 'apply', '--yes')
    expect(refused.exitCode).toBe(4)
    expect(refused.stderr).toContain('apply.drift')

    const { checksum, dangers } = JSON.parse((await on(10, 'plan', '--json')).stdout)
    expect(dangers).toMatchObject([{ code: 'apply.drift' }])
    expect((await on(10, 'apply', '--plan', checksum)).exitCode).toBe(0)
    const now = join(here.dir, 'etc/current/rtp.conf')
    expect(readFileSync(now, 'utf8')).not.toContain('probation = 9')
    expect((await on(10, 'plan', '--json')).stdout).toContain('"changes": false')
  })

  it('ends at once, naming the holder, while another works (C06)', async () => {
    const giveBack = await takeLock(join(here.dir, 'apply.lock'))
    onTestFinished(giveBack)
    const start = Date.now()
    const { exitCode, stderr } = await on(11, 'apply', '--yes')
    expect(Date.now() - start).toBeLessThan(2_000 * slowness())
    expect(exitCode).toBe(5)
    expect(stderr).toContain('locked')
    expect(stderr).toContain(String(process.pid))
  })

  it('lets one of two applies through', async () => {
    const both = await Promise.all([on(11, 'apply', '--yes'), on(11, 'apply', '--yes')])
    // The other one finds the lock, the login in use, or nothing left to do.
    const codes = both.map(({ exitCode }) => exitCode)
    expect(codes).toContain(0)
    expect(codes.every((code) => code === 0 || code === 5)).toBe(true)
    expect(`gen-${await here.running()}`).toBe(here.current())
  })

  it('names the reason when Asterisk cannot be asked (C08)', async () => {
    const secrets = join(here.dir, 'secrets.json')
    const text = readFileSync(secrets, 'utf8')
    const { amiPassword } = JSON.parse(text)
    writeFileSync(secrets, text.replace(amiPassword, 'wrong-password-wrong'))
    const { exitCode, stderr } = await on(11, 'apply', '--yes')
    writeFileSync(secrets, text)
    expect(exitCode).toBe(5)
    expect(stderr).toContain('asterisk.wrongPassword')
  })

  it('refuses an invalid site file before anything else', async () => {
    const site = join(here.dir, 'site.yaml')
    writeFileSync(site, '')
    const ended = await runProgram(['apply', site, '--dir', here.dir, '--yes'])
    expect(ended.exitCode).toBe(78)
  })
})

describe('SIGTERM in the middle of an apply (C05)', () => {
  it.each([0, 100, 200, 300, 400, 500, 600])(
    'after %i ms finishes or leaves all as it was',
    async (delayMs) => {
      const old = here.current()
      const site = join(here.dir, 'site.yaml')
      writeFileSync(site, siteText(here.address, 10, { 4: { name: `Stop ${delayMs}` } }))
      const ended = await interruptedAfter(delayMs, [
        'apply',
        site,
        '--dir',
        here.dir,
        '--yes',
      ])

      expect(ended).toBeOneOf([0, 1, 'SIGTERM'])
      if (ended !== 0) expect(here.current()).toBe(old)
      expect(`gen-${await here.running()}`).toBe(here.current())
      expect((await readJournal(here.dir))?.state).toBe('verified')
    },
  )
})
