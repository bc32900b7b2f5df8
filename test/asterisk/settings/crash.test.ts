import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { patch, settingsOf } from './changing.js'

const ROUNDS = 5
const MANY = 50
const { alice: ALICE, bob: BOB, carol: CAROL } = numbers

/** A change that was confirmed is there after any death of the controller (M9). */
describe('the controller is killed while settings change', () => {
  let system: System

  beforeAll(async () => {
    system = await startSystem()
  })
  afterAll(() => system.close())

  test(`each acknowledged change is kept, ${ROUNDS} times`, async () => {
    let count = 0
    let acknowledgedInAll = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const acknowledged = new Map<string, number>()
      const asked = new Map<string, number>()
      const pid = await system.controllerPid()
      let killed = false
      const keepChanging = async (line: string): Promise<void> => {
        while (!killed) {
          count += 1
          const mine = count
          asked.set(line, mine)
          const answer = await patch(system, line, {
            forwarding: { busy: { to: targetOf(mine) } },
          }).catch(() => undefined)
          if (answer?.status !== 200) return
          acknowledged.set(line, mine)
          acknowledgedInAll += 1
        }
      }
      const writers = [ALICE, BOB, CAROL].map(keepChanging)
      const enough = acknowledgedInAll + MANY
      await until('changes are acknowledged', () => acknowledgedInAll >= enough)
      process.kill(pid, 'SIGKILL')
      killed = true
      await Promise.all(writers)
      await until(
        'another controller is ready',
        async () => {
          const { status } = await system.get('/readyz').catch(() => ({ status: 0 }))
          return status === 200 && (await system.controllerPid()) !== pid
        },
        { limitSeconds: 15 },
      )
      for (const [line, last] of acknowledged) {
        const now = (await settingsOf(system, line)).forwarding['busy']
        // The change that was under way may have been kept as well.
        const possible = [last, asked.get(line) ?? last].map(targetOf)
        expect(possible).toContain(now?.to)
      }
    }
    expect(acknowledgedInAll).toBeGreaterThanOrEqual(MANY * ROUNDS)
    await system.expectNothingLeft()
  })
})

/** A mobile number for each change. */
function targetOf(change: number): string {
  return `00336${String(10_000_000 + change)}`
}
