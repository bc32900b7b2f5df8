import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Order } from '../subscription/order.js'
import { principalOf } from './access.js'
import {
  type ContractParts,
  contractProblem,
  needAdministrator,
  orderUnknown,
  seesOrder,
} from './contract-requests.js'
import { OrderView, orderView } from './contract-view.js'
import type { Routes } from './openapi.js'
import { problems } from './problem.js'
import { byOf } from './settings.js'

const Params = z.object({
  id: z.string().max(40).meta({ description: 'The number of the order' }),
})
const config = { customers: true } as const

/** Orders: `GET /api/v1/orders`, `GET …/{id}`, `POST` of alias numbers (spec A1, D7). */
export function ordersRoutes(routes: Routes, { contracts }: ContractParts): void {
  const list = {
    summary: 'The orders, the last one first; to a customer, his own',
    querystring: z.object({ state: OrderView.shape.state.optional() }),
    response: { 200: z.array(OrderView), ...problems(401, 422, 503) },
  }
  routes.get('/orders', { schema: list, config }, async (request) => {
    const { state } = request.query
    const orders = await contracts.orders()
    return orders
      .filter((order) => seesOrder(principalOf(request), order))
      .filter((order) => state === undefined || order.state === state)
      .map(orderView)
  })

  const one = {
    summary: 'One order',
    params: Params,
    response: { 200: OrderView, ...problems(401, 404, 503) },
  }
  routes.get('/orders/:id', { schema: one, config }, async (request) =>
    orderView(await orderFor(request, request.params.id, contracts)),
  )

  const aliases = {
    summary: 'Orders alias numbers; the operator adds them to the site once it is paid',
    body: z.strictObject({
      aliases: z.int().meta({ description: 'How many numbers, 1 to 100' }),
      termsAccepted: z.boolean().default(false),
    }),
    response: { 201: OrderView, ...problems(400, 401, 403, 415, 422, 503) },
  }
  routes.post('/orders', { schema: aliases, config }, async (request, reply) => {
    const { aliases: count, termsAccepted } = request.body
    const wanted = { count, termsAccepted }
    const answer = await contracts.orderAliases(wanted, byOf(request))
    if (answer.kind === 'refused') throw contractProblem(answer)
    reply.code(201)
    return orderView(answer.order)
  })
}

/** The ends of an order: `POST /api/v1/orders/{id}/pay` and `…/cancel`. */
export function orderEndRoutes(routes: Routes, { contracts }: ContractParts): void {
  const response = { 200: OrderView, ...problems(401, 403, 404, 409, 503) }
  const pay = {
    summary: 'The back office says it is paid: it is applied, once however often it says',
    params: Params,
    response,
  }
  routes.post('/orders/:id/pay', { schema: pay }, async (request) => {
    needAdministrator(request)
    const { id } = await orderFor(request, request.params.id, contracts)
    return ended(await contracts.pay(id, byOf(request)))
  })

  const cancel = {
    summary: 'Cancels an order that is not paid',
    params: Params,
    response,
  }
  routes.post('/orders/:id/cancel', { schema: cancel, config }, async (request) => {
    const { id } = await orderFor(request, request.params.id, contracts)
    return ended(await contracts.cancelOrder(id, byOf(request)))
  })
}

/** An order that exists for whoever asks. */
async function orderFor(
  request: FastifyRequest,
  id: string,
  contracts: ContractParts['contracts'],
): Promise<Order> {
  const order = /^[1-9]\d{0,14}$/.test(id) ? await contracts.order(Number(id)) : undefined
  if (order && seesOrder(principalOf(request), order)) return order
  throw orderUnknown()
}

function ended(
  answer: Awaited<ReturnType<ContractParts['contracts']['pay']>>,
): OrderView {
  if (answer === undefined) throw orderUnknown()
  if ('kind' in answer) throw contractProblem(answer)
  return orderView(answer)
}
