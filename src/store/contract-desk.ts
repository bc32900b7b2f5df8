import type { Site } from '../model/site.js'
import { orderAliases } from '../subscription/alias-order.js'
import {
  type CallsChanged,
  cancelDecrease,
  type DecreaseCancelled,
  requestCalls,
} from '../subscription/calls-change.js'
import type {
  Change,
  Contract,
  Subscription,
  Surroundings,
} from '../subscription/contract.js'
import {
  cancel,
  type Order,
  pay,
  type Settled,
  type Unaccepted,
} from '../subscription/order.js'
import {
  cancelPlan,
  type PlanCancelled,
  type PlanScheduled,
  requestPlan,
} from '../subscription/plan-change.js'
import type { Refused } from '../subscription/refusal.js'
import { dueTasks, expiries, renew } from '../subscription/renewal.js'
import { ContractBook } from './contract-book.js'
import type {
  CallsRequested,
  ContractDeskOptions,
  Ordered,
} from './contract-desk-options.js'
import { ContractsInForce } from './contracts-in-force.js'
import type { By } from './journal.js'

/** Many lines are done in turns, so that calls are decided in between. */
const AT_ONCE = 200
const RENEWAL: By = { door: 'renewal', who: 'renewal' }

/**
 * Where contracts are changed: the API, the portal and the command line all come here.
 * What is due is applied before anything is asked or answered, so that nobody ever sees
 * a renewal that is late. Everything throws StoreUnavailable, and then nothing is changed.
 */
export class ContractDesk {
  readonly #options: ContractDeskOptions
  readonly #book: ContractBook
  readonly #contracts: ContractsInForce
  /** Lines whose contract has changed, and calls do not go by it yet. */
  readonly #touched = new Set<string>()

  constructor(options: ContractDeskOptions) {
    this.#options = options
    this.#book = new ContractBook(options.database)
    this.#contracts = new ContractsInForce(options.site, this.#book)
  }

  /** Another site file; what orders and renewals changed stays changed (decision 5). */
  use(site: Site): void {
    this.#contracts.use(site)
  }

  /** A site whose lines have the contracts in force. */
  effective(site: Site): Site {
    return this.#contracts.effective(site)
  }

  /** The lines whose contract is another than the site file's, with both. */
  differences(): ReadonlyMap<string, { before: Contract; after: Contract }> {
    return this.#contracts.differences()
  }

  /** Plans, terms and the calendar, for whoever shows them. */
  get surroundings(): Surroundings {
    return this.#contracts.surroundings(this.#options.now())
  }

  /** What is known of a line's contract; undefined: there is no such line. */
  subscription(line: string): Promise<Subscription | undefined> {
    return this.#act(() => this.#contracts.subscription(line))
  }

  /** The same of all lines, by number. */
  subscriptions(): Promise<ReadonlyMap<string, Subscription>> {
    return this.#act(() => this.#contracts.subscriptions())
  }

  /** Another plan, from the next renewal on (spec A5). The line must exist. */
  requestPlan(line: string, plan: string, by: By): Promise<PlanScheduled | Refused> {
    return this.#act(() => this.#decide(this.#decidePlan(line, plan), by))
  }

  /** The same for several lines: each has its own outcome (spec A15). */
  async requestPlans(
    lines: readonly string[],
    plan: string,
    by: By,
  ): Promise<(PlanScheduled | Refused)[]> {
    const answers: (PlanScheduled | Refused)[] = []
    for (let at = 0; at < lines.length; at += AT_ONCE) {
      const some = lines.slice(at, at + AT_ONCE)
      const decided = await this.#act(() => {
        const each = some.map((line) => this.#decidePlan(line, plan))
        const changes = each.flatMap((answer) =>
          'changes' in answer ? answer.changes : [],
        )
        if (changes.length > 0) this.#write(changes, by)
        return each
      })
      answers.push(...decided)
      await breath()
    }
    return answers
  }

  cancelPlan(line: string, by: By): Promise<PlanCancelled | Refused> {
    return this.#act(() => this.#decide(cancelPlan(this.#existing(line)), by))
  }

  /** What a number of calls would cost, or why it is not to be had; nothing is written. */
  previewCalls(
    line: string,
    calls: number,
  ): Promise<CallsChanged | Refused | Unaccepted> {
    const termsAccepted = false
    return this.#act(() => {
      const subscription = this.#existing(line)
      return requestCalls({ ...this.surroundings, subscription, calls, termsAccepted })
    })
  }

  /** More calls are an order, fewer wait for the renewal (spec A6). The line must exist. */
  requestCalls(
    line: string,
    wanted: { readonly calls: number; readonly termsAccepted: boolean },
    by: By,
  ): Promise<CallsRequested> {
    return this.#act((): CallsRequested => {
      const subscription = this.#existing(line)
      const answer = requestCalls({ ...this.surroundings, ...wanted, subscription })
      if (answer.kind === 'ordered') return this.#issued(answer.changes, by)
      return this.#decide(answer, by)
    })
  }

  /** For the operator, unless the site's orders do not lock (spec A6). */
  cancelDecrease(line: string, by: By): Promise<DecreaseCancelled | Refused> {
    return this.#act(() => this.#decide(cancelDecrease(this.#existing(line)), by))
  }

  /** Numbers that the operator adds to the site file once they are paid (spec A10). */
  orderAliases(
    wanted: { readonly count: number; readonly termsAccepted: boolean },
    by: By,
  ): Promise<Ordered | Refused | Unaccepted> {
    return this.#act(() => {
      const answer = orderAliases({ ...this.surroundings, ...wanted })
      return answer.kind === 'ordered' ? this.#issued(answer.changes, by) : answer
    })
  }

  /** The last one first. */
  orders(): Promise<Order[]> {
    return this.#act(() => this.#book.orders())
  }

  order(id: number): Promise<Order | undefined> {
    return this.#act(() => this.#book.order(id))
  }

  /** The back office says it is paid: its effects come now, and once (spec D7). */
  pay(id: number, by: By): Promise<Order | Refused | undefined> {
    return this.#act(() => {
      const order = this.#book.order(id)
      if (!order) return undefined
      const { item } = order
      const contract =
        item.kind === 'calls' ? this.#contracts.contract(item.line) : undefined
      const asked = { ...this.surroundings, order, ...(contract && { contract }) }
      return this.#settledOrder(order, pay(asked), by)
    })
  }

  /** Possible until it is paid. */
  cancelOrder(id: number, by: By): Promise<Order | Refused | undefined> {
    return this.#act(() => {
      const order = this.#book.order(id)
      return order && this.#settledOrder(order, cancel(order, this.#options.now()), by)
    })
  }

  /** Lines back to the site file's contract: `apply --reset-contracts`. */
  reset(lines: readonly string[], by: By): Promise<void> {
    return this.#act(() => {
      this.#book.reset(lines, { by, nowMs: this.#options.now() })
      for (const line of lines) this.#touched.add(line)
      this.#options.onAgenda?.()
    })
  }

  /** Applies what is due: called by a timer, so that nobody else has much to apply. */
  async settle(): Promise<void> {
    while ((this.nextDueMs ?? Number.POSITIVE_INFINITY) <= this.#options.now()) {
      await this.#act(() => undefined, AT_ONCE)
      await breath()
    }
  }

  /** When something is due next; undefined: nothing waits. */
  get nextDueMs(): number | undefined {
    return this.#book.nextDueMs
  }

  /** One decision at a time: between what is read and what is written, nothing waits. */
  async #act<T>(decide: () => T, most = Number.POSITIVE_INFINITY): Promise<T> {
    try {
      this.#applyDue(most)
      return decide()
    } finally {
      await this.#tellChanged()
    }
  }

  async #tellChanged(): Promise<void> {
    if (this.#touched.size === 0) return
    const contracts = [...this.#touched].flatMap((line) => {
      const contract = this.#contracts.contract(line)
      return contract ? [[line, contract] as const] : []
    })
    this.#touched.clear()
    await this.#options.onContracts(new Map(contracts))
  }

  #applyDue(most: number): void {
    const around = this.surroundings
    if ((this.nextDueMs ?? Number.POSITIVE_INFINITY) > around.nowMs) return
    const contractOf = (line: string) => this.#contracts.contract(line)
    const due = dueTasks(this.#book.scheduled(), around.nowMs).slice(0, most)
    const { changes, impossible } = renew(due, contractOf, around)
    const expired = expiries(this.#book.orders('issued'), around.nowMs)
    for (const { task, why } of impossible) this.#options.onImpossible(task, why)
    this.#write([...changes, ...expired], RENEWAL)
  }

  #decidePlan(line: string, plan: string): PlanScheduled | Refused {
    const subscription = this.#existing(line)
    return requestPlan({ ...this.surroundings, subscription, plan })
  }

  /** Writes what a decision says, unless it refuses. */
  #decide<Answer extends Refused | { readonly changes: readonly Change[] }>(
    answer: Answer,
    by: By,
  ): Answer {
    if ('changes' in answer) this.#write(answer.changes, by)
    return answer
  }

  #issued(changes: readonly Change[], by: By): Ordered {
    const id = this.#write(changes, by)
    const order = id === undefined ? undefined : this.#book.order(id)
    if (!order) throw new Error('contract desk: the order that was issued is not there')
    return { kind: 'ordered', order }
  }

  #settledOrder(order: Order, settled: Settled | Refused, by: By): Order | Refused {
    if (settled.kind === 'refused') return settled
    if (settled.changes.length > 0) this.#write(settled.changes, by)
    return this.#book.order(order.id) ?? order
  }

  /** The number of the order that is issued, if one is. */
  #write(changes: readonly Change[], by: By): number | undefined {
    const id = this.#book.write(changes, { by, nowMs: this.#options.now() })
    for (const change of changes) {
      if (change.kind === 'contract') this.#touched.add(change.line)
    }
    this.#options.onAgenda?.()
    return id
  }

  #existing(line: string): Subscription {
    const found = this.#contracts.subscription(line)
    if (!found) throw new Error(`contract desk: there is no line ${line}`)
    return found
  }
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
