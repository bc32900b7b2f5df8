import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Line } from '../model/line.js'
import type { ContractDesk } from '../store/contract-desk.js'
import { renewalAfter } from '../subscription/calendar.js'
import type { Subscription } from '../subscription/contract.js'
import type { Order, Unaccepted } from '../subscription/order.js'
import type { Refused, Rule } from '../subscription/refusal.js'
import { principalOf } from './access.js'
import { type ContractView, contractView, priceView } from './contract-view.js'
import type { Controller } from './controller.js'
import { owns, type Principal } from './principal.js'
import { forbidden, lineUnknown, Problem } from './problem.js'

/** What the routes about contracts and orders need. */
export interface ContractParts {
  readonly contracts: ContractDesk
  readonly controller: Pick<Controller, 'canonical'>
}

export const LineParams = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
})

/** Requests that no contract could fulfil; the others depend on what this one is. */
const UNPROCESSABLE: ReadonlySet<Rule> = new Set([
  ...(['plan-unknown', 'calls-range', 'calls-contact-support'] as const),
  ...(['aliases-range', 'terms-not-accepted'] as const),
])

/** A refused request: its rule is the type of the problem. */
export function contractProblem(refused: Refused | Unaccepted): Problem {
  const { rule, message } = refused
  const more = 'draft' in refused ? { price: priceView(refused.draft) } : {}
  return new Problem(UNPROCESSABLE.has(rule) ? 422 : 409, rule, message, more)
}

/** The canonical number of a line; a problem when there is no such line. */
export function lineOf({ controller }: ContractParts, number: string): string {
  const line = controller.canonical(number)
  if (line === undefined) throw lineUnknown()
  return line
}

/** The contract of a line as it is by now. */
export async function contractOf(
  contracts: ContractDesk,
  line: string,
): Promise<ContractView> {
  const subscription = await contracts.subscription(line)
  if (!subscription) throw lineUnknown()
  return contractViews(contracts)(subscription)
}

/** Makes views of contracts, all of one instant. */
export function contractViews({
  surroundings,
}: Pick<ContractDesk, 'surroundings'>): (subscription: Subscription) => ContractView {
  const { nowMs, timeZone } = surroundings
  const around = { ...surroundings, renewalMs: renewalAfter(nowMs, timeZone) }
  return (subscription) => contractView(subscription, around)
}

/** Shows the contract of any line, or of the one that is asked for, all of one instant. */
export async function contractsInForce(
  contracts: ContractDesk,
  only?: string,
): Promise<(line: Line) => ContractView> {
  const one = only === undefined ? undefined : await contracts.subscription(only)
  const all = one ? new Map([[one.line, one]]) : await contracts.subscriptions()
  const view = contractViews(contracts)
  return (line) => view(all.get(line.number) ?? { line: line.number, contract: line })
}

/** An order of somebody else, or of nobody: they look the same (H02). */
export function orderUnknown(): Problem {
  return new Problem(404, 'order-unknown', 'no order has this number')
}

/** Whether an order exists for somebody: it is about his line, or he made it. */
export function seesOrder(principal: Principal, { item, by }: Order): boolean {
  if (principal.role === 'administrator' || by === principal.name) return true
  return item.kind === 'calls' && owns(principal, item.line)
}

export function needAdministrator(request: FastifyRequest): void {
  if (principalOf(request).role === 'administrator') return
  throw forbidden('this is for administrators')
}
