import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { LoopRequest } from '../ari/watcher.js'
import type { Directory } from '../call/directory.js'
import type { Stepped } from '../call/happening.js'
import type { State } from '../call/state.js'
import type { Door } from '../store/journal.js'
import { version } from '../version.js'

/** What gauges read at the moment they are asked. */
export interface Gauged {
  readonly state: () => State
  readonly directory: () => Directory
  readonly connected: () => boolean
  readonly streams: () => { readonly size: number; readonly dropped: number }
  readonly records: () => { readonly unwritten: number; readonly lost: number }
}

/**
 * Node measures its event loop by being woken so often, and counts this time as lag too:
 * the alert and the dashboard take it away. Ten times a second cost little; the hundred
 * that are its default cost 1 % of a core.
 */
const LAG_MEASURED_EVERY_MS = 100

/**
 * What somebody should look at. An alert can see the first rise of a counter only when
 * it was there before, at 0.
 */
const ALARMS = [
  ...(['forwardAbroad', 'manyForwardChanges'] as const),
  ...(['pinLocked', 'classClosed', 'tooFast', 'redirected', 'misregistered'] as const),
]
type Alarmed = (typeof ALARMS)[number]

/**
 * What Prometheus reads. Labels are words of the program, never numbers nor
 * names of the site: their combinations are few and known.
 */
export class Metrics {
  readonly registry = new Registry()
  readonly #decided: Counter<'question' | 'step'>
  readonly #refused: Counter<'cause'>
  readonly #healed: Counter<'change'>
  readonly #requests: Histogram<'request'>
  readonly #failures: Counter<'request'>
  readonly #events: Counter
  readonly #eventBytes: Counter
  readonly #settings: Counter<'door'>
  readonly #alarms: Counter<'alarm'>

  constructor(gauged: Gauged) {
    const registers = [this.registry]
    collectDefaultMetrics({
      register: this.registry,
      eventLoopMonitoringPrecision: LAG_MEASURED_EVERY_MS,
    })
    this.#decided = new Counter({
      name: 'linekeeper_calls_decided_total',
      help: 'Questions answered, by the step that decided',
      labelNames: ['question', 'step'],
      registers,
    })
    this.#refused = new Counter({
      name: 'linekeeper_calls_refused_total',
      help: 'Calls refused, by cause (Q.850)',
      labelNames: ['cause'],
      registers,
    })
    this.#healed = new Counter({
      name: 'linekeeper_slots_healed_total',
      help: 'Call slots that a snapshot put right: released or adopted',
      labelNames: ['change'],
      registers,
    })
    this.#healed.inc({ change: 'released' }, 0)
    this.#healed.inc({ change: 'adopted' }, 0)
    this.#requests = new Histogram({
      name: 'linekeeper_ari_request_duration_seconds',
      help: 'Requests to Asterisk, until they are answered',
      labelNames: ['request'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    })
    this.#failures = new Counter({
      name: 'linekeeper_ari_request_failures_total',
      help: 'Requests that Asterisk refused or did not answer in time',
      labelNames: ['request'],
      registers,
    })
    this.#events = new Counter({
      name: 'linekeeper_ari_events_total',
      help: 'Events of Asterisk, whatever they mean',
      registers,
    })
    this.#eventBytes = new Counter({
      name: 'linekeeper_ari_event_bytes_total',
      help: 'Length of these events',
      registers,
    })
    this.#settings = new Counter({
      name: 'linekeeper_settings_changes_total',
      help: 'Changes of settings, by the door they came in',
      labelNames: ['door'],
      registers,
    })
    this.#alarms = new Counter({
      name: 'linekeeper_alarms_total',
      help: 'What somebody should look at: forwards abroad or changed too often, locks and classes shut, calls begun too fast, phones that redirect or register what is not theirs',
      labelNames: ['alarm'],
      registers,
    })
    for (const alarm of ALARMS) this.#alarms.inc({ alarm }, 0)
    addGauges(this.registry, gauged)
  }

  stepped({ notes }: Stepped): void {
    for (const note of notes) {
      switch (note.kind) {
        case 'decided': {
          const { question, step, answer } = note
          this.#decided.inc({ question, step })
          if (answer.kind === 'refuse' || answer.kind === 'announce') {
            this.#refused.inc({ cause: answer.cause })
          }
          break
        }
        case 'healed':
          this.#healed.inc({ change: 'released' }, note.released)
          this.#healed.inc({ change: 'adopted' }, note.adopted)
          break
        case 'pinLocked':
        case 'tooFast':
        case 'redirected':
        case 'misregistered':
          this.alarmed(note.kind)
          break
        case 'harm':
          if (note.closed) this.alarmed('classClosed')
          break
        case 'ended':
      }
    }
  }

  settingsChanged(door: Door): void {
    this.#settings.inc({ door })
  }

  alarmed(alarm: Alarmed): void {
    this.#alarms.inc({ alarm })
  }

  received(bytes: number): void {
    this.#events.inc()
    this.#eventBytes.inc(bytes)
  }

  requested(request: LoopRequest, seconds: number, answered: boolean): void {
    this.#requests.observe({ request }, seconds)
    if (!answered) this.#failures.inc({ request })
  }
}

function addGauges(
  registry: Registry,
  { state, directory, connected, streams, records }: Gauged,
): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
  const limit = () =>
    [...directory().lines.values()].reduce((sum, { calls }) => sum + calls, 0)
  gauge('linekeeper_asterisk_connected', 'Whether calls are decided here: 1, or 0', () =>
    connected() ? 1 : 0,
  )
  gauge('linekeeper_lines', 'Lines of the site', () => directory().lines.size)
  gauge(
    'linekeeper_lines_reachable',
    'Lines whose phone can be reached',
    () => directory().lines.size - state().unreachable.size,
  )
  gauge(
    'linekeeper_calls',
    'Calls in progress that were decided here',
    () => state().calls.size,
  )
  gauge(
    'linekeeper_call_slots_in_use',
    'Call slots in use, of all lines',
    () => state().ledger.holdings.size,
  )
  gauge('linekeeper_call_slots_limit', 'Call slots that all lines have together', limit)
  gauge('linekeeper_event_streams', 'Clients that listen to events', () => streams().size)
  counter(
    'linekeeper_event_streams_dropped_total',
    'Clients of the events cut off because they did not read',
    () => streams().dropped,
  )
  gauge(
    'linekeeper_call_records_unwritten',
    'Call records that could not be written to the disk, and wait',
    () => records().unwritten,
  )
  counter(
    'linekeeper_call_records_lost_total',
    'Call records lost because too many had to wait for the disk',
    () => records().lost,
  )
  new Gauge({
    name: 'linekeeper_build_info',
    help: 'Always 1; which version runs',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
}
