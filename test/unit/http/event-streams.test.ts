import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Recorder } from './recorder.js'
import { bob, Steps } from './steps.js'

let recorder: Recorder
let steps: Steps

beforeEach(() => {
  vi.useFakeTimers()
  recorder = new Recorder()
  steps = new Steps(recorder)
})
afterEach(() => vi.useRealTimers())

/** A client that reads all it is sent, or nothing at all. */
class Client extends Writable {
  readonly #reads: boolean
  text = ''
  writes = 0

  constructor(reads: boolean) {
    super({ highWaterMark: 16 })
    this.#reads = reads
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    if (!this.#reads) return
    this.text += bytes.toString()
    this.writes += 1
    done()
  }
}

function join(reads: boolean, lastId?: string): Client {
  const client = new Client(reads)
  recorder.streams.open(client, lastId)
  return client
}

it('a client that does not read is cut off at 1 MB; the one that reads hears all', () => {
  const reader = join(true)
  const sleeper = join(false)
  let most = 0
  for (let call = 0; !sleeper.destroyed && call < 20_000; call += 1) {
    steps.call(`c${call}`)
    if (call % 100 === 0) vi.advanceTimersByTime(50)
    most = Math.max(most, sleeper.writableLength)
  }
  expect(sleeper.destroyed).toBe(true)
  expect(most).toBeGreaterThan(900_000)
  expect(most).toBeLessThanOrEqual(1024 * 1024)
  expect([recorder.streams.size, recorder.streams.dropped]).toEqual([1, 1])
  steps.call('last')
  vi.advanceTimersByTime(50)
  expect(reader.text).toContain('"call":"last","cause"')
  expect(reader.text).not.toContain('event: lost')
})

it('what happens within a moment is one write', () => {
  const client = join(true)
  for (let call = 0; call < 20; call += 1) steps.call(`c${call}`)
  expect(client.writes).toBe(1)
  vi.advanceTimersByTime(50)
  expect(client.writes).toBe(2)
})

it('a flood is told as lost, and what follows as always', () => {
  const client = join(true)
  for (let call = 0; call < 1_000; call += 1) steps.call(`c${call}`)
  vi.advanceTimersByTime(50)
  expect(client.text).toMatch(/^retry: 2000\n\nid: \w+-\d+\nevent: lost\ndata: \{\}\n\n$/)
  steps.tell({ kind: 'reachable', line: bob, reachable: false })
  vi.advanceTimersByTime(50)
  expect(client.text).toContain('event: registration')
})

it('silence is broken every fifteen seconds, while somebody listens', async () => {
  const client = join(true)
  vi.advanceTimersByTime(30_000)
  expect(client.text).toBe('retry: 2000\n\n: still here\n\n: still here\n\n')
  client.destroy()
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
})

it('an id is of no use to one who comes back after more than was kept', async () => {
  const client = join(true)
  steps.call('c0')
  vi.advanceTimersByTime(50)
  const [, id] = /id: (\S+)/.exec(client.text) ?? []
  client.destroy()
  await vi.advanceTimersByTimeAsync(0)
  expect(join(true, id).text).not.toContain('event: lost')
  for (let call = 0; call < 500; call += 1) {
    steps.call(`more${call}`)
    vi.advanceTimersByTime(50)
  }
  expect(join(true, id).text).toContain('event: lost')
})

it('nor to one who comes back when nobody has listened for long', async () => {
  const client = join(true)
  steps.call('c0')
  vi.advanceTimersByTime(50)
  const ids = [...client.text.matchAll(/id: (\S+)/g)].map(([, id]) => id)
  client.destroy()
  await vi.advanceTimersByTimeAsync(31_000)
  steps.call('unheard')
  expect(vi.getTimerCount()).toBe(0)
  expect(join(true, ids.at(-1)).text).toContain('event: lost')
})

it('a process before us gave ids that we do not know', () => {
  expect(join(true, 'before-7').text).toContain('event: lost')
  expect(join(true).text).not.toContain('event: lost')
})
