import { expect, it } from 'vitest'
import type { Note } from '../../../src/call/effect.js'
import { initialState } from '../../../src/call/state.js'
import { Recorder } from './recorder.js'

const decided = (step: string, answer: 'ring' | 'refuse'): Note => ({
  ...{ kind: 'decided', question: 'departure', leg: 'a1', step },
  answer:
    answer === 'ring'
      ? { kind: 'ring', line: '0033972100002', seconds: 60, waiting: false }
      : { kind: 'refuse', cause: 'userBusy' },
})

async function scraped(recorder: Recorder): Promise<string> {
  const response = await recorder.api().inject({ url: '/metrics' })
  expect(response.headers['content-type']).toContain('text/plain; version=0.0.4')
  return response.body
}

function show(recorder: Recorder, ...notes: Note[]): void {
  const event = { kind: 'missed', leg: 'a1' } as const
  recorder.metrics.stepped({ event, before: initialState, after: initialState, notes })
}

it('decisions are counted by question and step, refusals by cause', async () => {
  const recorder = new Recorder()
  show(recorder, decided('line', 'ring'), decided('noFreeCallSlot', 'refuse'))
  show(recorder, decided('noFreeCallSlot', 'refuse'))
  const text = await scraped(recorder)
  expect(text).toContain(
    'linekeeper_calls_decided_total{question="departure",step="line"} 1',
  )
  expect(text).toContain('{question="departure",step="noFreeCallSlot"} 2')
  expect(text).toContain('linekeeper_calls_refused_total{cause="userBusy"} 2')
})

it('healed slots are there from the beginning, so that a rise is seen', async () => {
  const recorder = new Recorder()
  expect(await scraped(recorder)).toContain(
    'linekeeper_slots_healed_total{change="released"} 0',
  )
  show(recorder, { kind: 'healed', released: 2, adopted: 1 })
  expect(await scraped(recorder)).toContain(
    'linekeeper_slots_healed_total{change="released"} 2',
  )
})

it('what somebody should look at is counted, from 0 on', async () => {
  const recorder = new Recorder()
  const kinds = [
    'classClosed',
    'forwardAbroad',
    'manyForwardChanges',
    'misregistered',
    'pinLocked',
    'redirected',
    'tooFast',
  ]
  const before = await scraped(recorder)
  for (const kind of kinds)
    expect(before).toContain(`linekeeper_alarms_total{alarm="${kind}"} 0\n`)
  const line = '0033972100001'
  const harm = { kind: 'harm', line, class: 'international', limit: 'aDay' } as const
  show(recorder, { ...harm, closed: false }, { ...harm, closed: true })
  show(recorder, { kind: 'pinLocked', line, lock: 'forAWhile' })
  show(
    recorder,
    { kind: 'tooFast', line },
    { kind: 'redirected', line },
    { kind: 'misregistered', line },
  )
  const after = await scraped(recorder)
  expect(after).toContain('linekeeper_alarms_total{alarm="classClosed"} 1\n')
  expect(after).toContain('linekeeper_alarms_total{alarm="pinLocked"} 1\n')
  expect(after).toContain('linekeeper_alarms_total{alarm="redirected"} 1\n')
  expect(after).toContain('linekeeper_alarms_total{alarm="misregistered"} 1\n')
  expect(after).toContain('linekeeper_alarms_total{alarm="tooFast"} 1\n')
})

it('call records that wait for the disk, and those lost, are told', async () => {
  const recorder = new Recorder()
  recorder.records = { unwritten: 7, lost: 2 }
  const text = await scraped(recorder)
  expect(text).toContain('linekeeper_call_records_unwritten 7\n')
  expect(text).toContain('linekeeper_call_records_lost_total 2\n')
})

it('gauges show the moment they are asked', async () => {
  const recorder = new Recorder()
  const text = await scraped(recorder)
  expect(text).toContain('linekeeper_call_slots_in_use 2\n')
  expect(text).toContain('linekeeper_call_slots_limit 6\n')
  expect(text).toContain('linekeeper_asterisk_connected 1\n')
  recorder.connected = false
  expect(await scraped(recorder)).toContain('linekeeper_asterisk_connected 0\n')
})

it('requests to Asterisk have a histogram, and failures of their own', async () => {
  const recorder = new Recorder()
  recorder.metrics.requested('answer', 0.002, true)
  recorder.metrics.requested('answer', 3, false)
  const text = await scraped(recorder)
  expect(text).toContain(
    'linekeeper_ari_request_duration_seconds_bucket{le="0.0025",request="answer"} 1',
  )
  expect(text).toContain('linekeeper_ari_request_failures_total{request="answer"} 1')
})

it('the process, the event loop and the version are in it', async () => {
  const text = await scraped(new Recorder())
  expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
  expect(text).toMatch(/^linekeeper_build_info\{version="[^"]+"\} 1/m)
})

it('names follow the conventions, and no label is a number of anybody', async () => {
  const recorder = new Recorder()
  show(recorder, decided('line', 'ring'))
  const text = await scraped(recorder)
  const types = [...text.matchAll(/^# TYPE (linekeeper_\w+) (\w+)$/gm)]
  expect(types.length).toBeGreaterThan(10)
  for (const [, name = '', type] of types) {
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
    expect(text, name).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'))
  }
  expect(text).not.toMatch(/="\+?\d{5,}/)
})
