import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Routes } from '../http/openapi.js'
import { forbidden } from '../http/problem.js'
import { showCalls } from './calls-page.js'
import { LineParams, lineOf } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { refusalText } from './refusal-text.js'
import { mayCancel, previewView } from './simultaneous-view.js'
import { byOf, fragment, visitOf } from './visit.js'

const Count = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
const Form = z.object({
  calls: z.union([Count, z.string().transform(() => Number.NaN)]),
  terms: z.string().optional(),
})
const Asked = z.object({ calls: Count.optional().catch(undefined) })

/** « Appels simultanés »: the order form, a decrease, and what either would mean. */
export function callsChangeForms(pages: Routes, options: PortalOptions): void {
  const { contracts } = options
  const change = { schema: { params: LineParams, body: Form } }
  pages.post('/lines/:number/calls-change', change, async (request, reply) => {
    const { number } = lineOf(options, request.params.number)
    const { calls, terms } = request.body
    const wanted = { calls, termsAccepted: terms !== undefined }
    const answer = await contracts.requestCalls(number, wanted, byOf(request))
    switch (answer.kind) {
      case 'ordered':
        return reply.redirect(`/orders?done=ordered#order-${answer.order.id}`, 303)
      case 'scheduled':
        return reply.redirect(`/lines/${number}/calls?done=decrease`, 303)
      case 'refused':
        return refusedPage(request, reply, options, answer)
    }
  })

  const cancel = { schema: { params: LineParams } }
  pages.post('/lines/:number/calls-cancel', cancel, async (request, reply) => {
    const { number } = lineOf(options, request.params.number)
    if (!mayCancel(request, options)) throw forbidden('the decrease is locked')
    const answer = await contracts.cancelDecrease(number, byOf(request))
    if (answer.kind === 'refused') return refusedPage(request, reply, options, answer)
    return reply.redirect(`/lines/${number}/calls?done=cancelled`, 303)
  })

  const preview = { schema: { params: LineParams, querystring: Asked } }
  pages.get('/lines/:number/calls-preview', preview, async (request, reply) => {
    const line = lineOf(options, request.params.number)
    const calls = request.query.calls ?? line.calls
    const view = await previewView(visitOf(request), options, line, calls)
    return fragment(request, reply, { template: 'calls-preview', view })
  })
}

function refusedPage(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PortalOptions,
  refused: Parameters<typeof refusalText>[0],
): Promise<FastifyReply> {
  const errors = [refusalText(refused, visitOf(request).language)]
  return showCalls(request, reply.code(409), options, { errors })
}
