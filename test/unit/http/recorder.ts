import { pino } from 'pino'
import { type Diagnosis, diagnose } from '../../../src/call/diagnose.js'
import { directoryOf } from '../../../src/call/directory.js'
import { explain } from '../../../src/call/explain.js'
import { holding, ledgerOf } from '../../../src/call/slots.js'
import { initialState, type State } from '../../../src/call/state.js'
import { GreetingDesk } from '../../../src/daemon/greeting-desk.js'
import { contractViews } from '../../../src/http/contract-requests.js'
import {
  AsteriskUnreachable,
  type Controller,
  type Reloaded,
} from '../../../src/http/controller.js'
import { EventStreams } from '../../../src/http/event-streams.js'
import { lineView } from '../../../src/http/live-view.js'
import { Metrics } from '../../../src/http/metrics.js'
import { type ApiOptions, api } from '../../../src/http/server.js'
import type { CallView, LineView, Status } from '../../../src/http/views.js'
import type { WhyView } from '../../../src/http/why-view.js'
import { whyView } from '../../../src/http/why-view.js'
import type { Line } from '../../../src/model/line.js'
import { parseNumber } from '../../../src/model/phone-number.js'
import type { Database } from '../../../src/store/database.js'
import { Replies } from '../../../src/store/replies.js'
import { Boxes } from './boxes.js'
import { exampleSite } from './example-site.js'
import { newAccounts, storeInMemory } from './new-accounts.js'
import { newContracts } from './new-contracts.js'
import { newSettings } from './new-settings.js'

export const token = 'a-token-of-the-test'
export const bearer = { authorization: `Bearer ${token}` }

/** A controller of the example site, in which Accueil talks with Atelier. */
export class Recorder implements Controller {
  readonly reloads: Reloaded[] = []
  readonly bugs: unknown[] = []
  connected = true
  records = { unwritten: 0, lost: 0 }
  answer: Reloaded = { kind: 'reloaded', lines: 3 }
  readonly site = exampleSite()
  readonly directory = directoryOf(this.site)
  readonly accounts = newAccounts(token)
  readonly streams = new EventStreams(() => this.directory)
  readonly metrics = new Metrics({
    state: () => this.state,
    directory: () => this.directory,
    connected: () => this.connected,
    streams: () => this.streams,
    records: () => this.records,
  })
  readonly settings = newSettings(this.site, () => this.connected)
  /** The calendar. */
  nowMs = Date.UTC(2026, 0, 10)
  readonly contracts = newContracts(this.site, () => this.nowMs)
  readonly boxes = new Boxes()
  readonly store = storeInMemory()
  readonly greetings = greetingsIn(this.boxes, this.store)
  readonly state: State = talking()

  api(changes: Partial<ApiOptions> = {}) {
    const { metrics, streams, accounts, settings, contracts } = this
    return api({
      ...{ controller: this, accounts, metrics, streams, settings, contracts },
      loopback: true,
      names: () => ['phones.example.org'],
      diagnoses: this,
      replies: new Replies(storeInMemory()),
      ...{ voicemails: this.boxes, greetings: this.greetings },
      onBug: (error) => this.bugs.push(error),
      ...changes,
    })
  }

  status(): Status {
    const since = '2026-01-01T00:00:00.000Z'
    return {
      ...{ version: '0.1.0', pid: 1, site: 'demo', generation: null },
      asterisk: { version: '22.10.1', connected: this.connected, since },
      degraded: !this.connected,
      clock: { now: since, rehearsed: false, plausible: true },
    }
  }

  lines(): Promise<LineView[]> {
    return this.#live(() => this.site.lines.map((line) => lineView(line, this.#known())))
  }

  canonical(number: string): string | undefined {
    return this.#lineOf(number)?.number
  }

  line(number: string): Promise<LineView | undefined> {
    const line = this.#lineOf(number)
    if (number === 'bug') throw new Error('a secret of the house')
    return this.#live(() => line && lineView(line, this.#known()))
  }

  why(number: string): Promise<WhyView | undefined> {
    const line = this.#lineOf(number)
    if (!line) return Promise.resolve(undefined)
    const assumed = { inUse: new Map<string, number>(), unreachable: new Set<string>() }
    const from = { kind: 'outside', number: '0033612345678' } as const
    const explained = explain(this.directory, { from, to: line.number, assumed })
    return this.#live(() => explained && whyView(line, this.#known(), explained))
  }

  diagnose(number: string, dialled?: string): Promise<Diagnosis | undefined> {
    const line = this.settings.line(number)
    const isKnown = this.connected
    const facts = { inUse: number === '0033972100001' ? 1 : 0, failures: [] }
    const contact = { address: '192.0.2.9:5060', userAgent: '<img src=x onerror=x>' }
    const registered = number === '0033972100001'
    return Promise.resolve(
      line &&
        diagnose({
          ...{ line, ...facts, contact: registered ? contact : undefined },
          registered: isKnown ? registered : undefined,
          lastSeen: { address: '192.0.2.7:5060', atMs: Date.UTC(2026, 0, 1) },
          dialled:
            dialled === undefined ? undefined : { number: dialled, step: 'notInService' },
        }),
    )
  }

  calls(): Promise<CallView[]> {
    return this.#live(() => [
      {
        id: 'a1',
        since: '2026-01-01T00:00:00.000Z',
        legs: [{ id: 'a1', endpoint: '0033972100001', state: 'up', with: null }],
      },
    ])
  }

  reload(): Promise<Reloaded> {
    this.reloads.push(this.answer)
    return Promise.resolve(this.answer)
  }

  #lineOf(number: string) {
    const parsed = parseNumber(number, 'FR')
    return parsed.kind === 'number' ? this.directory.lines.get(parsed.number) : undefined
  }

  #known() {
    return {
      ledger: this.state.ledger,
      states: new Map([['a1', 'up']]),
      online: new Set(['0033972100001']),
      contract: (line: Line) =>
        contractViews(this.contracts)({ line: line.number, contract: line }),
      at: { now: Date.UTC(2026, 0, 1), monotonic: 5_000 },
    }
  }

  #live<T>(look: () => T): Promise<T> {
    return this.connected
      ? Promise.resolve(look())
      : Promise.reject(new AsteriskUnreachable('Asterisk does not answer'))
  }
}

/** Where the boxes are, as soon as there are any. */
function greetingsIn(boxes: Boxes, database: Database): GreetingDesk {
  return new GreetingDesk({
    ...{ database, log: pino({ level: 'silent' }) },
    get dir() {
      return boxes.dir
    },
  })
}

function talking(): State {
  const legs = [
    holding(
      'leg',
      { leg: 'a1', line: '0033972100001', direction: 'out', answered: true },
      2_000,
    ),
    holding('reservation', { leg: 'x1', line: '0033972100002', direction: 'in' }, 4_000),
  ]
  return { ...initialState, ledger: ledgerOf(legs) }
}
