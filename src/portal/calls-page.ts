import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Routes } from '../http/openapi.js'
import type { Line } from '../model/line.js'
import { branchesOf, decisionView } from './decision.js'
import { filtersView } from './filters-view.js'
import { type Fields, forwardFields, forwardFormView } from './forward-form.js'
import { Done, LineParams, lineOf, linePage, othersOf, whyOf } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { simultaneousView } from './simultaneous-view.js'
import { fragment, type Visit, visitOf } from './visit.js'

const SubmittedFields = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** `/lines/{number}/calls`: « Gestion des appels ». `…/decision`: its live picture. */
export function callsPages(pages: Routes, options: PortalOptions): void {
  const schema = { params: LineParams, querystring: Done }
  pages.get('/lines/:number', { schema }, ({ params }, reply) =>
    reply.redirect(`/lines/${lineOf(options, params.number).number}/calls`, 302),
  )
  pages.get('/lines/:number/calls', { schema }, (request, reply) =>
    showCalls(request, reply, options, {}),
  )
  pages.get('/lines/:number/decision', { schema }, async (request, reply) => {
    const line = lineOf(options, request.params.number)
    const view = await pictureOf(visitOf(request), options, line)
    return fragment(request, reply, { template: 'decision', view })
  })
}

/** The page; with errors, it shows what was sent. */
export async function showCalls(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PortalOptions,
  { errors }: { errors?: readonly string[] },
): Promise<FastifyReply> {
  const visit = visitOf(request)
  const { number } = LineParams.parse(request.params)
  const line = lineOf(options, number)
  const sent = SubmittedFields.safeParse(request.body)
  const isForwarding = request.routeOptions.url?.endsWith('/forwarding') === true
  const fields: Fields =
    errors && isForwarding && sent.success ? sent.data : forwardFields(line, visit.format)
  const hasFax = options.site().plans[line.plan]?.fax === true
  const view = {
    ...(await pictureOf(visit, options, line)),
    ...forwardFormView(fields, visit.t, hasFax),
    ...servicesView(line, visit),
    ...filtersView(line, visit, options),
    ...(await simultaneousView(request, options, line)),
    shortNumbers: shortNumbersOf(line, options, visit),
    others: othersOf(request, options, line),
    errors: errors ?? false,
  }
  return linePage(request, reply, { line, tab: 'calls', view })
}

async function pictureOf({ t, format }: Visit, options: PortalOptions, line: Line) {
  const why = await whyOf(options, line.number)
  const picture = decisionView(branchesOf(line, t, format), why?.arrival.steps[0]?.step)
  const inUse = why ? String(why.calls.inUse) : t.unknown
  return { picture, inUse, number: line.number }
}

function servicesView(line: Line, { t }: Visit) {
  const { beep } = line.callWaiting
  const beeps: readonly (readonly [typeof beep, string])[] = [
    ['server', t.beepServer],
    ['phone', t.beepPhone],
    ['off', t.beepOff],
  ]
  const services: readonly (readonly [string, boolean | undefined, string, string])[] = [
    ['doNotDisturb', line.doNotDisturb, t.doNotDisturb, t.doNotDisturbText],
    ['absent', line.absent, t.absent, t.absentText],
    ['rejectAnonymous', line.rejectAnonymous, t.rejectAnonymous, t.rejectAnonymousText],
    ['hideNumber', line.hideNumber, t.hideNumber, t.hideNumberText],
  ]
  return {
    services: services.map(([name, isOn, label, hint]) => ({
      ...{ name, label, hint, isOn: isOn ?? false },
    })),
    isLocked: line.lock?.active ?? false,
    hasIntercom: line.intercom,
    beeps: beeps.map(([value, label]) => ({ value, label, isChosen: value === beep })),
  }
}

/** Those that the line may dial: its own, its group's, and everybody's (spec C2). */
function shortNumbersOf(line: Line, { site }: PortalOptions, { format }: Visit) {
  return site()
    .shortNumbers.filter(
      ({ line: owner, group }) =>
        (owner === undefined || owner === line.number) &&
        (group === undefined || group === line.group),
    )
    .map(({ number, to, name }) => ({
      ...{ number, name: name ?? '' },
      to: format.number(to),
    }))
}
