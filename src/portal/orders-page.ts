import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { principalOf } from '../http/access.js'
import { orderUnknown, seesOrder } from '../http/contract-requests.js'
import type { Routes } from '../http/openapi.js'
import { owns } from '../http/principal.js'
import { forbidden } from '../http/problem.js'
import { withVat } from '../subscription/money.js'
import { countOf, type Order, type OrderState } from '../subscription/order.js'
import { Done, doneText } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { refusalText } from './refusal-text.js'
import type { Texts } from './texts.js'
import { byOf, page, type Visit, visitOf } from './visit.js'

const Params = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
})
const AliasForm = z.object({
  count: z.string().transform(Number),
  terms: z.string().optional(),
})
const config = { customers: true } as const

/** `/orders`: orders and what waits for a renewal; alias orders; paying, cancelling. */
export function ordersPages(pages: Routes, options: PortalOptions): void {
  const { contracts } = options
  pages.get('/orders', { schema: { querystring: Done }, config }, (request, reply) =>
    showOrders(request, reply, options, false),
  )

  const order = { schema: { body: AliasForm }, config }
  pages.post('/orders', order, async (request, reply) => {
    const { count, terms } = request.body
    const wanted = { count, termsAccepted: terms !== undefined }
    const answer = await contracts.orderAliases(wanted, byOf(request))
    if (answer.kind === 'ordered') return reply.redirect('/orders?done=ordered', 303)
    return showOrders(request, reply.code(409), options, answer)
  })

  pages.post(
    '/orders/:id/pay',
    { schema: { params: Params }, config },
    async (request, reply) => {
      if (principalOf(request).role !== 'administrator') throw forbidden('back office')
      const { id } = await orderFor(request, request.params.id, options)
      return ended(request, reply, options, await contracts.pay(id, byOf(request)))
    },
  )

  const cancel = { schema: { params: Params }, config }
  pages.post('/orders/:id/cancel', cancel, async (request, reply) => {
    const { id } = await orderFor(request, request.params.id, options)
    return ended(request, reply, options, await contracts.cancelOrder(id, byOf(request)))
  })
}

async function orderFor(
  request: FastifyRequest,
  id: number,
  { contracts }: PortalOptions,
): Promise<Order> {
  const order = await contracts.order(id)
  if (order && seesOrder(principalOf(request), order)) return order
  throw orderUnknown()
}

function ended(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PortalOptions,
  answer: Awaited<ReturnType<PortalOptions['contracts']['pay']>>,
): FastifyReply | Promise<FastifyReply> {
  if (answer === undefined) throw orderUnknown()
  if ('rule' in answer) return showOrders(request, reply.code(409), options, answer)
  const done = answer.state === 'applied' ? 'applied' : 'cancelledOrder'
  return reply.redirect(`/orders?done=${done}`, 303)
}

async function showOrders(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PortalOptions,
  refused: Parameters<typeof refusalText>[0] | false,
): Promise<FastifyReply> {
  const visit = visitOf(request)
  const { t, language } = visit
  const principal = principalOf(request)
  const orders = (await options.contracts.orders()).filter((each) =>
    seesOrder(principal, each),
  )
  const view = {
    orders: orders.slice(0, 200).map((each) => orderView(each, visit, principal.role)),
    pending: await pendingView(request, options),
    done: doneText(request, t),
    errors: refused ? [refusalText(refused, language)] : false,
  }
  return page(request, reply, { template: 'orders', title: t.orders, view })
}

function orderView(order: Order, { t, format }: Visit, role: string) {
  const { id, item, totalCents, vatPercent, state, issuedMs, expiresMs } = order
  const isOpen = state === 'issued'
  return {
    id,
    what:
      item.kind === 'calls'
        ? `${format.number(item.line)} : + ${countOf(item)} ${t.extraCalls}`
        : `${countOf(item)} ${t.aliases}`,
    price: `${format.money(totalCents)} (${format.money(withVat(totalCents, vatPercent))} ${t.vat})`,
    state: stateText(state, t),
    issued: format.date(issuedMs),
    expires: isOpen ? format.date(expiresMs) : '',
    isOpen,
    mayPay: isOpen && role === 'administrator',
  }
}

function stateText(state: OrderState, t: Texts): string {
  switch (state) {
    case 'issued':
      return t.stateIssued
    case 'paid':
      return t.statePaid
    case 'applied':
      return t.stateApplied
    case 'cancelled':
      return t.stateCancelled
    case 'expired':
      return t.stateExpired
  }
}

/** What comes with the next renewal, for each line of whoever asks. */
async function pendingView(request: FastifyRequest, { contracts }: PortalOptions) {
  const { t, format } = visitOf(request)
  const principal = principalOf(request)
  const { plans } = contracts.surroundings
  const all = [...(await contracts.subscriptions()).values()]
  return all
    .filter(({ line }) => owns(principal, line))
    .flatMap(({ line, planChange, decrease }) => {
      const row = (what: string, dueMs: number) => ({
        ...{ line, shown: format.number(line), what, date: format.date(dueMs) },
      })
      const plan = planChange && plans.get(planChange.plan)?.label
      return [
        ...(planChange
          ? [row(`${t.changePlan} : ${plan ?? planChange.plan}`, planChange.dueMs)]
          : []),
        ...(decrease
          ? [row(`${t.simultaneous} : ${decrease.calls}`, decrease.dueMs)]
          : []),
      ]
    })
}
