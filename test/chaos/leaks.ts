import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../rig/until.js'
import type { Estate } from './estate.js'
import type { Experiment, Outcome, Setting } from './experiment.js'
import { onEstateBetween as between } from './shared-estate.js'

const lostEnds: Experiment = {
  name: 'leaks',
  goals: 'R15 F22',
  fault: 'every ChannelDestroyed lost',
  target: 'the slots of ended calls free ≤ 5 s; none of a live call released',
  quick: false,
  run: (setting) => {
    const lines = setting.sized(12, 40, 600)
    return between(setting, (estate) => leaking(setting, estate), { lines })
  },
}

async function leaking({ sized }: Setting, estate: Estate): Promise<Outcome> {
  estate.ari.faults.loseTypes = ['ChannelDestroyed']
  const long = estate.call({
    ...{ rate: 8, seconds: 2 },
    talkMs: sized(30_000, 60_000, 100_000),
  })
  await pause(2_500)
  const begun = await slotsOfAsterisk(estate)
  let [leaked, before] = [0, 0]
  const calls = await estate.underLoad(
    sized(
      { rate: 10, seconds: 3, talkMs: 500 },
      { rate: 10, seconds: 8, talkMs: 500 },
      { rate: 30, seconds: 45, talkMs: 500 },
    ),
    async (made) => {
      // What a list heals meanwhile was leaked too.
      while (!made.ended) {
        await pause(300)
        const now = (await estate.slotsInUse()) - (await slotsOfAsterisk(estate))
        leaked += Math.max(0, before - now)
        before = now
      }
    },
    { graceMs: 40_000 },
  )
  leaked += (await estate.slotsInUse()) - (await slotsOfAsterisk(estate))
  const endedAt = Date.now()
  await until(
    'only live calls hold slots',
    async () => (await estate.slotsInUse()) === (await slotsOfAsterisk(estate)),
    { limitSeconds: 45 },
  )
  const healedMs = Date.now() - endedAt
  const live = await slotsOfAsterisk(estate)
  const falselyReleased = Math.max(0, Math.min(begun, live) - (await estate.slotsInUse()))
  estate.ari.faults.loseTypes = []
  await long.finished(120)
  return {
    pass: healedMs <= 5_000 && falselyReleased === 0 && leaked > 0,
    measured: { calls: calls.attempts, leaked, healedMs, live, falselyReleased },
  }
}

/** Legs of lines in Asterisk's own list. */
async function slotsOfAsterisk(estate: Estate): Promise<number> {
  const channels = (await estate.system.ari('channels')) as { name: string }[]
  return channels.filter(({ name }) => /^PJSIP\/\d+-/.test(name)).length
}

export const leaks = [lostEnds]
