import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { metric } from '../api/asking.js'
import { type EventClient, listenTo } from '../api/event-client.js'
import { patch, send, settingsOf } from './changing.js'

const { alice: ALICE, bob: BOB, carol: CAROL } = numbers

describe('a subscriber changes settings', () => {
  let system: System
  let events: EventClient
  let alice: Phone
  let bob: Phone
  let carol: Phone

  beforeAll(async () => {
    system = await startSystem({ lines: { carol: 'doNotDisturb: true' } })
    events = await listenTo(system)
    alice = await system.phone('alice', { toneHz: 440 })
    bob = await system.phone('bob', { toneHz: 1000 })
    carol = await system.phone('carol', { toneHz: 700 })
  })
  afterEach(async () => {
    await system.hangUpEverything()
    await system.expectNothingLeft()
  })
  afterAll(async () => {
    events.close()
    await system.close()
  })

  function run(...words: string[]) {
    return system.run(...words, '--dir', system.state)
  }

  test('a forward over the API: the next call takes it, and everybody hears of it', async () => {
    const began = Date.now()
    const { status, body } = await patch(system, ALICE, {
      forwarding: { unconditional: { to: '0972100002' } },
    })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { applied: true, changed: ['forwarding.unconditional'] },
    })
    await carol.dial(ALICE)
    await bob.ringing()
    expect(Date.now() - began).toBeLessThan(3_000)
    expect(alice.calls()).toEqual([])
    const told = await until('the event is told', () =>
      events.told().find(({ name }) => name === 'settings'),
    )
    expect(told.data).toMatchObject({
      ...{ line: ALICE, door: 'api', applied: true },
      settings: { forwarding: { unconditional: { to: BOB } } },
    })
    expect(await metric(system, 'linekeeper_settings_changes_total{door="api"}')).toBe(1)
  })

  test('off by the command line, the target is kept; on again, it is taken again', async () => {
    expect(await run('forward', '0972100001', 'unconditional', 'off')).toMatchObject({
      exitCode: 0,
      stdout: `${ALICE}  forwarding.unconditional\n`,
    })
    await bob.dial(ALICE)
    await alice.ringing()
    await system.hangUpEverything()
    expect((await run('forward', ALICE)).stdout).toMatch(
      /unconditional +off +00339721000/,
    )
    expect((await run('forward', ALICE, 'unconditional', 'on')).exitCode).toBe(0)
    await carol.dial(ALICE)
    await bob.ringing()
    const { stdout } = await run('journal', ALICE)
    const doors = stdout.split('\n').map((row) => row.split(/ +/)[1])
    expect(doors.slice(1, 4)).toEqual(['cli', 'cli', 'api'])
  })

  test('another site file leaves what subscribers changed, until it is told not to', async () => {
    const changes = { lines: { alice: 'intercom: true', carol: 'calls: 1' } }
    system.writeSite(changes)
    const planned = await run('plan', system.siteFile)
    expect(planned.stdout).toContain(`${ALICE}  forwarding.unconditional:`)
    expect((await run('apply', system.siteFile, '--yes')).exitCode).toBe(0)
    expect(await settingsOf(system, ALICE)).toMatchObject({
      ...{ intercom: true, forwarding: { unconditional: { to: BOB } } },
    })
    // What Carol never changed follows the file.
    expect(await settingsOf(system, CAROL)).toMatchObject({ doNotDisturb: false })
    await carol.dial(ALICE)
    await bob.ringing()
    await system.hangUpEverything()

    const reset = `--reset-settings=${ALICE}`
    expect(await run('apply', system.siteFile, '--yes', reset)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('1 lines are as the site file says again'),
    })
    await carol.dial(ALICE)
    await alice.ringing()
  })

  test('several lines at once, each with an answer of its own', async () => {
    const { status, body } = await send(system, 'POST', '/api/v1/lines/settings', {
      lines: [ALICE, '0972100002', '0972109999'],
      settings: { forwarding: { busy: { to: BOB } } },
    })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        outcomes: [
          { line: ALICE, outcome: 'changed', applied: true },
          { line: BOB, outcome: 'refused', errors: [{ code: 'forward.loop' }] },
          { line: '0972109999', outcome: 'unknown' },
        ],
      },
    })
  })

  test('a sixth change of forwards within the hour is an alarm, and passes', async () => {
    for (const digit of [1, 2, 3, 4, 5, 6]) {
      const change = { forwarding: { busy: { to: `061234567${digit}` } } }
      expect((await patch(system, CAROL, change)).status).toBe(200)
    }
    const alarm = await until('the alarm is told', () =>
      events.told().find(({ name }) => name === 'alarm'),
    )
    expect(alarm.data).toEqual({ line: CAROL, alarm: 'manyForwardChanges', changes: 6 })
  })

  test('with Asterisk frozen a change is kept, and not called applied', async () => {
    const asterisk = system.asteriskPid()
    process.kill(asterisk, 'SIGSTOP')
    try {
      const { status, body } = await patch(system, ALICE, { doNotDisturb: true })
      expect({ status, body }).toMatchObject({ status: 202, body: { applied: false } })
    } finally {
      process.kill(asterisk, 'SIGCONT')
    }
    await until(
      'it is applied once Asterisk answers',
      async () => (await patch(system, ALICE, { doNotDisturb: true })).status === 200,
      { limitSeconds: 20 },
    )
    expect((await patch(system, ALICE, { doNotDisturb: null })).body.changed).toEqual([
      'doNotDisturb',
    ])
    await until(
      'Asterisk is reachable again',
      async () => (await system.get('/readyz')).status === 200,
      { limitSeconds: 20 },
    )
  })
})
