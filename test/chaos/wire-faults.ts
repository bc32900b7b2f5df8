import { setTimeout as pause } from 'node:timers/promises'
import { carrierAddress } from '../rig/site-text.js'
import { until } from '../rig/until.js'
import type { Random } from '../simulation/random.js'
import type { Estate } from './estate.js'
import { type Experiment, type Setting, zeros } from './experiment.js'
import { percentile } from './judge.js'
import { leaks } from './leaks.js'
import { PacketProxy } from './packet-proxy.js'
import { reconnects } from './reconnecting.js'
import { onEstateBetween as between, onEstate } from './shared-estate.js'
import { Traffic } from './traffic.js'

function loadOf({ sized }: Setting) {
  return sized(
    { rate: 6, seconds: 6, talkMs: 1_500 },
    { rate: 12, seconds: 25, talkMs: 3_000 },
    { rate: 15, seconds: 40, talkMs: 8_000 },
  )
}

const ariCut: Experiment = {
  name: 'ari-cut',
  goals: 'R06 F07',
  fault:
    'the connection to ARI cut at a random byte, in the middle of frames, or dead without a word',
  target:
    '0 lost, 0 over the limit; decides again ≤ 2 s (median), ≤ 5 s (worst); slots exact',
  quick: true,
  run: (setting) =>
    between(setting, async (estate) => {
      const { random } = setting
      const afterCut: number[] = []
      const afterDeath: number[] = []
      const verdict = await estate.underLoad(
        setting.sized(
          { rate: 6, seconds: 6, talkMs: 1_500 },
          { rate: 12, seconds: 75, talkMs: 3_000 },
          { rate: 15, seconds: 900, talkMs: 8_000 },
        ),
        async (calls) => {
          const wanted = setting.sized(Infinity, Infinity, 500)
          while (!calls.ended && afterCut.length < wanted) {
            await pause(random.between(50, setting.sized(1_000, 1_000, 150)))
            setting.tell(`${afterCut.length} cuts`)
            if (random.chance(setting.sized(0.5, 0.5, 0.97))) {
              afterCut.push(await reconnects(estate, () => cutAtRandom(estate, random)))
            } else {
              afterDeath.push(await reconnects(estate, () => estate.ari.deaden()))
            }
          }
          calls.stop()
        },
        { graceMs: 5_000 },
      )
      const settledMs = await estate.settled(10)
      const figures = {
        ...{ cuts: afterCut.length, cutMedianMs: median(afterCut) },
        ...{ cutWorstMs: Math.max(0, ...afterCut) },
        ...{ deaths: afterDeath.length, deathMedianMs: median(afterDeath) },
        ...{ deathWorstMs: Math.max(0, ...afterDeath) },
      }
      // Beside other tests the clock says more about them than about us.
      const inTime =
        setting.size === 'quick' ||
        (figures.cutMedianMs <= 2_000 &&
          figures.cutWorstMs <= 5_000 &&
          figures.deathWorstMs <= 5_000)
      const faults = afterCut.length + afterDeath.length
      const pass = zeros(verdict) && faults > 0 && inTime
      return { pass, measured: { ...figures, ...verdict, settledMs } }
    }),
}

async function cutAtRandom({ ari }: Estate, random: Random): Promise<void> {
  const before = ari.cuts
  ari.cutAfter(random.between(0, 3_000))
  // Between the last calls of the load and its end only the heartbeat passes.
  await until('it is cut', () => ari.cuts > before, { limitSeconds: 30 })
}

function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}

const ariSilent: Experiment = {
  name: 'ari-silent',
  goals: 'R06 F07',
  fault: 'the connection to ARI passes nothing for 4 to 8 s, and nobody is told',
  target: '0 lost, 0 over the limit; nobody waits longer than 3 s; decides again ≤ 15 s',
  quick: false,
  run: (setting) =>
    between(setting, async (estate) => {
      let [times, slowestMs] = [0, 0]
      const verdict = await estate.underLoad(
        loadOf(setting),
        async (calls) => {
          while (!calls.ended) {
            await pause(setting.random.between(1_000, 2_000))
            estate.ari.hush()
            await pause(setting.random.between(4_000, 8_000))
            estate.ari.speak()
            times += 1
            const begun = Date.now()
            await until('the heartbeat is fresh', () => heartbeatIsFresh(estate), {
              limitSeconds: 40,
            })
            slowestMs = Math.max(slowestMs, Date.now() - begun)
          }
        },
        { graceMs: 10_000 },
      )
      const settledMs = await estate.settled(40)
      const pass = zeros(verdict) && verdict.longestMs <= 3_000 && slowestMs <= 15_000
      return { pass, measured: { times, slowestMs, ...verdict, settledMs } }
    }),
}

async function heartbeatIsFresh(estate: Estate): Promise<boolean> {
  const asked = await estate.system.ari('asterisk/variable?variable=LK_HB')
  const { value } = asked as { value: string }
  return Math.abs(Date.now() / 1000 - Number(value)) <= 2
}

const events: Experiment = {
  name: 'events',
  goals: 'R06 F10',
  fault: '10 % of events lost, 20 % doubled, 20 % exchanged with later ones',
  target: '0 calls lost; slots exact ≤ 5 s; nothing over the limit while none is lost',
  quick: true,
  run: (setting) =>
    between(setting, async (estate) => {
      const lose = setting.sized(0, 0.1, 0.1)
      Object.assign(estate.ari.faults, { lose, double: 0.2, exchange: 0.2 })
      // A lost end keeps a slot until the next list, 3 s: what is refused meanwhile is.
      const verdict = await estate.underLoad(loadOf(setting), () => Promise.resolve(), {
        graceMs: lose > 0 ? 5_000 : 1_000,
      })
      Object.assign(estate.ari.faults, { lose: 0, double: 0, exchange: 0 })
      const settledMs = await estate.settled(40)
      const { lost, unaccounted, overLimit, wronglyRefused } = verdict
      const wrong = lost + unaccounted + wronglyRefused
      // A controller that is not told of a call cannot count it until the next list.
      const pass = wrong + (lose > 0 ? 0 : overLimit) === 0 && settledMs <= 5_000
      return { pass, measured: { lose, ...verdict, settledMs } }
    }),
}

const amiCut: Experiment = {
  name: 'ami-cut',
  goals: 'R06 F08',
  fault: 'the connection to AMI cut, refused for a while, delayed',
  target: '0 lost, 0 wrongly refused, 0 over the limit',
  quick: false,
  run: (setting) =>
    between(setting, async (estate) => {
      const verdict = await estate.underLoad(loadOf(setting), async (calls) => {
        while (!calls.ended) {
          // It says little: waiting for so many bytes could take for ever.
          estate.ami.cutAfter(0)
          estate.ami.faults.refuses = setting.random.chance(0.5)
          estate.ami.faults.delayMs = setting.random.between(0, 300)
          await pause(setting.random.between(200, 1_500))
        }
      })
      const { cuts } = estate.ami
      await estate.settled(10)
      return { pass: zeros(verdict), measured: { cuts, ...verdict } }
    }),
}

const packets: Experiment = {
  name: 'packets',
  goals: 'R06',
  fault: '5 % of the carrier’s SIP packets lost, 5 % doubled, 10 % late',
  target: '0 lost, 0 over the limit, 0 left',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const { network } = estate.system
      const proxy = new PacketProxy(
        { address: carrierAddress(network), port: 5_999 },
        { address: network.system, port: 5_060 },
        setting.random,
      )
      await proxy.listen()
      const { rate, seconds, talkMs } = loadOf(setting)
      Object.assign(proxy.faults, { lose: 0.05, double: 0.05, late: 0.1 })
      const calls = estate.call(
        { rate, seconds, talkMs },
        `${carrierAddress(network)}:5999`,
      )
      const counted = await calls.finished(seconds + 90)
      const verdict = estate.judge([calls], [counted], { graceMs: 8_000 })
      await calls.close()
      const settledMs = await estate.settled(40)
      const { lost, late, doubled } = proxy
      await proxy.close()
      return {
        pass: zeros(verdict),
        measured: {
          packetsLost: lost,
          packetsLate: late,
          doubled,
          ...verdict,
          settledMs,
        },
      }
    }),
}

const scan: Experiment = {
  name: 'scan',
  goals: 'R12 F35',
  fault: 'unauthenticated REGISTERs, 1,000 a second, beside calls',
  target: '0 lost, 0 wrongly refused; admission p99 ≤ 100 ms; logs ≤ 5 MB a minute',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const { network, state } = estate.system
      const rate = setting.sized(200, 1_000, 1_000)
      const seconds = setting.sized(5, 20, 300)
      const scanner = new Traffic({
        ...{ scenario: 'scanner', address: network.peer(70), port: 5_060 },
        ...{ remote: `${network.system}:5060`, rate, calls: rate * seconds },
      })
      const before = await logBytes(state)
      const verdict = await estate.underLoad(
        { rate: setting.sized(5, 15, 15), seconds, talkMs: 2_000 },
        () => Promise.resolve(),
      )
      const logMbPerMinute = ((await logBytes(state)) - before) / 1e6 / (seconds / 60)
      const scanned = scanner.counted().created
      await scanner.close()
      return {
        pass: zeros(verdict) && verdict.p99Ms <= 100 && logMbPerMinute <= 5,
        measured: {
          scanned,
          logMbPerMinute: Math.round(logMbPerMinute * 10) / 10,
          ...verdict,
        },
      }
    }),
}

async function logBytes(state: string): Promise<number> {
  const { readdir, stat } = await import('node:fs/promises')
  const { join } = await import('node:path')
  let bytes = 0
  for (const entry of await readdir(join(state, 'log'), { recursive: true })) {
    bytes += (await stat(join(state, 'log', entry))).size
  }
  return bytes
}

export const wireFaults = [ariCut, ariSilent, events, ...leaks, amiCut, packets, scan]
