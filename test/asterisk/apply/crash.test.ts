import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyChange, type Hands } from '../../../src/config/apply.js'
import { planJob } from '../../../src/config/apply-site.js'
import { readDeployed } from '../../../src/config/generation-folder.js'
import { realHands } from '../../../src/config/hands.js'
import { canTrace, type DiskCall, killedAt } from '../../rig/crash.js'
import { runProgram } from '../../rig/system.js'
import { type Deployed, deploy } from './deployed.js'
import { siteText } from './site-text.js'

/** Far above the number of calls an apply makes: a loop that never ends is a failure. */
const MOST_POINTS = 500

let here: Deployed

beforeAll(async () => {
  here = await deploy(5)
})
afterAll(() => here.end())

/** A complete generation, old or new, and an Asterisk that serves one of them (I-D4). */
async function expectWhole(old: string): Promise<void> {
  const deployed = await readDeployed(here.dir)
  expect(deployed?.drift).toEqual([])
  expect(deployed?.folder).toBe(here.current())
  expect([old, here.current()]).toContain(`gen-${await here.running()}`)
  expect(await here.console('pjsip show endpoints')).toContain('Objects found: 6')
}

/** What every apply after a death must come to. */
async function expectApplied(old: string): Promise<void> {
  expect(`gen-${await here.running()}`).toBe(here.current())
  expect(here.current()).not.toBe(old)
}

/**
 * Most syncs are those of a new generation's files, and most unlinks those of an old
 * one's, one like the other: every eighth is enough for every day.
 * LINEKEEPER_CRASH=all takes them all (R07).
 */
const EACH_FILE = process.env['LINEKEEPER_CRASH'] === 'all' ? 1 : 8

describe.skipIf(!canTrace())('an apply that is killed', () => {
  it.each<[DiskCall, number, number]>([
    ['link', 1, 1],
    ['mkdir', 1, 1],
    ['symlink', 1, 1],
    ['unlink', 2, EACH_FILE],
    ['rename', 6, 1],
    ['fsync', 30, EACH_FILE],
  ])(
    'at any %s leaves one whole generation',
    async (call, atLeast, step) => {
      const site = join(here.dir, 'site.yaml')
      const argv = ['apply', site, '--dir', here.dir, '--yes']
      let nth = 1
      for (let killed = true; killed && nth < MOST_POINTS; nth += step) {
        // A site that never was, so that its generation has to be written.
        const name = `Killed at ${call} ${nth}`
        writeFileSync(site, siteText(here.address, 5, { 3: { name } }))
        const old = here.current()
        killed = await killedAt({ nth, call }, argv)
        await expectWhole(old)

        const next = await runProgram(argv)
        expect(next.exitCode, `after a kill at ${call} ${nth}: ${next.stderr}`).toBe(0)
        await expectApplied(old)
      }
      expect(nth).toBeGreaterThan(atLeast)
      expect(nth).toBeLessThan(MOST_POINTS)
    },
    600_000,
  )
})

describe('an apply that ends between two steps', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('after %i steps is made good', async (steps) => {
    const text = siteText(here.address, 5, { 2: { name: `Dead after ${steps}` } })
    const old = here.current()
    await here.reach(async ({ asterisk, job: jobOf }) => {
      const job = jobOf(text)
      const { change } = await planJob(job)
      const hands = dyingAfter(steps, realHands(here.dir, job.reader, asterisk))
      const changed = applyChange(change, hands, new AbortController().signal)
      await changed.catch((error: unknown) => expect(error).toEqual(new Error('dead')))
    })
    await expectWhole(old)

    await here.apply(text)
    await expectApplied(old)
  })
})

/** Hands that do so many steps and then are dead. */
function dyingAfter(steps: number, hands: Hands): Hands {
  let left = steps
  const dying =
    <A extends unknown[], R>(step: (...given: A) => Promise<R>) =>
    (...given: A): Promise<R> => {
      left -= 1
      return left < 0 ? Promise.reject(new Error('dead')) : step(...given)
    }
  const { asterisk } = hands
  return {
    stage: dying(hands.stage),
    pointCurrentTo: dying(hands.pointCurrentTo),
    writeJournal: dying(hands.writeJournal),
    ...(asterisk && {
      asterisk: {
        ...asterisk,
        takeOver: dying(asterisk.takeOver),
        refusals: dying(asterisk.refusals),
      },
    }),
  }
}
