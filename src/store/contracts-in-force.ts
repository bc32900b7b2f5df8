import type { Line } from '../model/line.js'
import type { Plan } from '../model/plan.js'
import type { Site } from '../model/site.js'
import {
  type Contract,
  inForce,
  type Scheduled,
  type Subscription,
  type Surroundings,
} from '../subscription/contract.js'
import type { Order } from '../subscription/order.js'
import type { ContractBook } from './contract-book.js'

/** The site file's contracts, and what orders and renewals have made of them. */
export class ContractsInForce {
  readonly #book: ContractBook
  #site: Site
  #initial: ReadonlyMap<string, Contract>
  #plans: ReadonlyMap<string, Plan>

  constructor(site: Site, book: ContractBook) {
    this.#book = book
    this.#site = site
    this.#initial = initialOf(site)
    this.#plans = plansOf(site)
  }

  /** Another site file; what has changed since stays changed (decision 5). */
  use(site: Site): void {
    this.#site = site
    this.#initial = initialOf(site)
    this.#plans = plansOf(site)
  }

  /** What a decision needs to know of the site. */
  surroundings(nowMs: number): Surroundings {
    const { orders: terms, site } = this.#site
    return { plans: this.#plans, terms, timeZone: site.timeZone, nowMs }
  }

  /** Undefined: the site has no such line. */
  contract(line: string): Contract | undefined {
    const initial = this.#initial.get(line)
    return initial && inForce(initial, this.#book.contract(line), this.#plans)
  }

  subscription(line: string): Subscription | undefined {
    const contract = this.contract(line)
    if (!contract) return undefined
    const known = { line, contract, waiting: this.#book.scheduled(line) }
    return subscriptionOf(known, this.#book.openOrder(line))
  }

  /** Those of all lines, with two questions to the store however many they are. */
  subscriptions(): ReadonlyMap<string, Subscription> {
    const waiting = byLine(this.#book.scheduled())
    const open = new Map(
      this.#book
        .orders('issued')
        .flatMap((order) =>
          order.item.kind === 'calls' ? [[order.item.line, order] as const] : [],
        ),
    )
    const all = [...this.#initial.keys()].flatMap((line) => {
      const contract = this.contract(line)
      if (!contract) return []
      const known = { line, contract, waiting: waiting.get(line) ?? [] }
      return [[line, subscriptionOf(known, open.get(line))] as const]
    })
    return new Map(all)
  }

  /** A site whose lines have the contracts in force. */
  effective(site: Site): Site {
    const lines = site.lines.map((line) => {
      const { plan, calls } = this.contract(line.number) ?? line
      // Most are as the site file says, and stay the very same.
      return plan === line.plan && calls === line.calls ? line : { ...line, plan, calls }
    })
    return { ...site, lines }
  }

  /** The lines whose contract is another than the site file's, with both. */
  differences(): ReadonlyMap<string, { before: Contract; after: Contract }> {
    const all = this.#book.lines().flatMap((line) => {
      const [before, after] = [this.#initial.get(line), this.contract(line)]
      const same = before?.plan === after?.plan && before?.calls === after?.calls
      return before && after && !same ? [[line, { before, after }] as const] : []
    })
    return new Map(all)
  }
}

function subscriptionOf(
  known: {
    readonly line: string
    readonly contract: Contract
    readonly waiting: readonly Scheduled[]
  },
  open: Order | undefined,
): Subscription {
  const { line, contract, waiting } = known
  const planChange = waiting.find((each) => each.kind === 'planChange')
  const decrease = waiting.find((each) => each.kind === 'decrease')
  return {
    ...{ line, contract },
    ...(planChange && { planChange }),
    ...(decrease && { decrease }),
    ...(open && { open }),
  }
}

function byLine(scheduled: readonly Scheduled[]): Map<string, Scheduled[]> {
  const lines = new Map<string, Scheduled[]>()
  for (const each of scheduled) {
    lines.set(each.line, [...(lines.get(each.line) ?? []), each])
  }
  return lines
}

/** Lines with the same contract share it: of thousands of lines few have their own. */
function initialOf({ lines }: Site): ReadonlyMap<string, Contract> {
  const known = new Map<string, Contract>()
  const sharedContract = ({ plan, calls }: Line): Contract => {
    const key = `${plan} ${calls}`
    const contract = known.get(key) ?? { plan, calls }
    known.set(key, contract)
    return contract
  }
  return new Map(lines.map((line) => [line.number, sharedContract(line)]))
}

function plansOf({ plans }: Site): ReadonlyMap<string, Plan> {
  return new Map(Object.entries(plans))
}
