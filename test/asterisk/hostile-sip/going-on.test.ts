import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallDetailView } from '../../../src/http/call-detail-view.js'
import { PACE } from '../../../src/model/pace.js'
import { consoleOf, loseController } from '../../rig/asterisk-console.js'
import { runSipp } from '../../rig/sipp.js'
import { numbers } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import { Besieged, login, mallory } from './besieged.js'

// What a phone goes on with for long: calls without end (S13), a call that it has left
// without a word (S19). All of it with a controller, and without.
let siege: Besieged

beforeAll(async () => {
  siege = await Besieged.start(20)
  await missedSooner()
})
afterAll(() => siege.close())

const MISSED_AFTER_SECONDS = 4

/** A minute without sound, as it is rendered (T07), would be a minute of this test. */
async function missedSooner(): Promise<void> {
  const lines = join(siege.system.state, 'etc/current/pjsip_lines.conf')
  const text = readFileSync(lines, 'utf8')
  expect(text).toContain('\nrtp_timeout = 60\n')
  const sooner = `\nrtp_timeout = ${MISSED_AFTER_SECONDS}\n`
  writeFileSync(lines, text.replace('\nrtp_timeout = 60\n', sooner))
  await consoleOf(siege.system, 'module reload res_pjsip.so')
  await until('Asterisk has read it', async () => {
    const shown = await consoleOf(siege.system, `pjsip show endpoint ${mallory}`)
    return new RegExp(`rtp_timeout +: ${MISSED_AFTER_SECONDS}\\n`).test(shown)
  })
}

const FLOOD = { calls: 600, rate: 500 }
/** A busy machine may take its time; nobody else's call is lost. */
const PATIENCE_SECONDS = 15
const APART_MS = 1_000 / PACE.callsASecond

/** Mallory calls what she may not: how many of her calls were so answered, and how others. */
async function flood() {
  const { network } = siege.system
  const began = performance.now()
  const { exitCode, messages } = await runSipp({
    ...{ scenario: join(import.meta.dirname, 'flood.xml'), limitSeconds: 60 },
    ...{ address: network.peer(70), remote: `${network.system}:5060` },
    ...{ ...login, keys: { caller: mallory }, service: '0899123456' },
    ...FLOOD,
  })
  const seconds = (performance.now() - began) / 1_000
  const answers = [...messages.matchAll(/\nSIP\/2\.0 (403|503) [\s\S]*?\r\n\r\n/g)]
  const callsOf = (status: string): number =>
    new Set(
      answers.flatMap(([text, said]) =>
        said === status ? (/Call-ID: (\S+)/.exec(text)?.[1] ?? []) : [],
      ),
    ).size
  const withReason = answers.every(
    ([text, said]) => said === '403' || text.includes('Reason: Q.850;cause=34'),
  )
  return {
    exitCode,
    seconds,
    passed: callsOf('403'),
    tooFast: callsOf('503'),
    withReason,
  }
}

/** Milliseconds until Bob's phone rings when Alice dials it, as often as there is time. */
async function waitsWhile(goesOn: () => boolean): Promise<number[]> {
  const waits: number[] = []
  while (goesOn()) {
    const dialled = performance.now()
    await siege.alice.dial(numbers.bob)
    await siege.bob.ringing(PATIENCE_SECONDS)
    waits.push(performance.now() - dialled)
    await siege.alice.hangupAll()
    await until(
      'Bob is free',
      () => siege.bob.calls().every(({ state }) => state === 'ended'),
      { limitSeconds: PATIENCE_SECONDS },
    )
    // The rule holds for her as well.
    await until(
      'Alice may begin another call',
      () => performance.now() - dialled > APART_MS,
    )
  }
  return waits
}

/** Mallory calls 112, which counts for nothing; the carrier declines. */
async function callsForHelp(): Promise<void> {
  const { raw, carrier } = siege
  const emergency = raw.invite({ uri: raw.uri('112'), line: mallory })
  const proved = await raw.begun(emergency, login)
  await carrier.ringing(PATIENCE_SECONDS)
  await carrier.hangupAll()
  await raw.final(proved, PATIENCE_SECONDS)
}

/** Each call that passed has its record; the others share few, which count them all. */
async function writtenAsOne(passed: number): Promise<void> {
  await until('every call is counted once', async () => {
    const { body } = await siege.system.get(`/api/v1/cdr?line=${mallory}&limit=1000`)
    const flood = (body as CallDetailView[]).filter(({ to }) => to === '0899123456')
    const calls = flood.reduce((sum, record) => sum + record.calls, 0)
    expect(calls).toBe(FLOOD.calls)
    // The dialplan decides what waits too long, and may refuse some before the first.
    expect(flood.length).toBeLessThanOrEqual(passed + PACE.atOnce + 2)
    return true
  })
}

async function nothingLeft(controller: 'up' | 'gone'): Promise<void> {
  await siege.system.hangUpEverything()
  if (controller === 'up') await siege.system.expectNothingLeft()
  else await siege.system.expectNoChannelLeft()
}

describe.each(['up', 'gone'] as const)('with the controller %s', (controller) => {
  beforeAll(async () => {
    if (controller === 'gone') await loseController(siege.system)
  })

  test('S19 a phone that is gone without a word: its call ends, and its slots are free', async () => {
    await siege.talking()
    // Bob's phone goes on talking; Mallory's has sent no sound, and says nothing more.
    await until(
      'Bob is told that it is over',
      () => siege.bob.calls().at(-1)?.state === 'ended',
      {
        limitSeconds: MISSED_AFTER_SECONDS + 10,
      },
    )
    await nothingLeft(controller)
  })

  test('S13 500 INVITEs a second: thirty pass, then five a second; others telephone, and she calls 112', async () => {
    let over = false
    const flooding = flood().finally(() => {
      over = true
    })
    const [{ seconds, passed, ...others }, waits] = await Promise.all([
      flooding,
      waitsWhile(() => !over),
      callsForHelp(),
    ])
    waits.sort((a, b) => a - b)
    expect(others).toEqual({
      ...{ exitCode: 0, withReason: true },
      tooFast: FLOOD.calls - passed,
    })
    expect(passed).toBeGreaterThanOrEqual(PACE.atOnce)
    // Without controller it is counted in spans of six seconds, the first and last too.
    const most = PACE.atOnce * (controller === 'up' ? 1 : 2) + PACE.callsASecond * seconds
    expect(passed).toBeLessThanOrEqual(Math.ceil(most))
    expect(waits[Math.floor(waits.length / 2)]).toBeLessThan(2_000)
    await nothingLeft(controller)
    if (controller === 'up') await writtenAsOne(passed)
  })
})

test('S13 the flood is told of once', () => {
  const told = siege.system.log().match(/"msg":"calls begun too fast/g)
  expect(told).toHaveLength(1)
})
