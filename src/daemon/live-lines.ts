import type { Ari } from '../ari/connection.js'
import { liveCalls, liveChannels, onlineEndpoints } from '../ari/live.js'
import type { Loop } from '../ari/loop.js'
import type { Session } from '../ari/session.js'
import { explainArrival } from '../call/explain.js'
import { contractsInForce } from '../http/contract-requests.js'
import { AsteriskUnreachable } from '../http/controller.js'
import { callView, type Known, lineView, lineViews } from '../http/live-view.js'
import type { CallView, LineView } from '../http/views.js'
import { type WhyView, whyView } from '../http/why-view.js'
import type { Line } from '../model/line.js'
import { parseNumber } from '../model/phone-number.js'
import type { ContractDesk } from '../store/contract-desk.js'

/** Lines and calls as they are now: what the loop knows, and what Asterisk is asked for. */
export class LiveLines {
  readonly #loop: Loop
  readonly #session: Session
  readonly #contracts: ContractDesk

  constructor(loop: Loop, session: Session, contracts: ContractDesk) {
    this.#loop = loop
    this.#session = session
    this.#contracts = contracts
  }

  async all(): Promise<LineView[]> {
    return lineViews([...this.#loop.directory.lines.values()], await this.#known())
  }

  /** The line of a number, however it is written. */
  of(number: string): Line | undefined {
    const { country, lines } = this.#loop.directory
    const parsed = parseNumber(number, country)
    return parsed.kind === 'number' ? lines.get(parsed.number) : undefined
  }

  async line(number: string): Promise<LineView | undefined> {
    const line = this.of(number)
    return line && lineView(line, await this.#known(line.number))
  }

  async why(number: string): Promise<WhyView | undefined> {
    const line = this.of(number)
    if (!line) return undefined
    const known = await this.#known(line.number)
    const { state, directory } = this.#loop
    const explained = explainArrival(state, line.number, performance.now(), directory)
    return explained && whyView(line, known, explained)
  }

  async calls(): Promise<CallView[]> {
    return (await liveCalls(this.#reachable())).map(callView)
  }

  /** Of one line, or of all. */
  async #known(line?: string): Promise<Known> {
    const ari = this.#reachable()
    const [channels, online, contract] = await Promise.all([
      ...([liveChannels(ari), onlineEndpoints(ari)] as const),
      contractsInForce(this.#contracts, line),
    ])
    const at = { now: Date.now(), monotonic: performance.now() }
    const states = new Map(channels.map((channel) => [channel.id, channel.state]))
    return { ledger: this.#loop.state.ledger, states, online, contract, at }
  }

  #reachable(): Ari {
    const { ari } = this.#session
    if (ari) return ari
    throw new AsteriskUnreachable(
      'Asterisk does not answer; the degraded path serves the phones',
    )
  }
}
