import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { principalOf } from '../http/access.js'
import { AsteriskUnreachable } from '../http/controller.js'
import { owns } from '../http/principal.js'
import { lineUnknown } from '../http/problem.js'
import type { WhyView } from '../http/why-view.js'
import type { Line } from '../model/line.js'
import type { PortalOptions } from './portal-options.js'
import type { Texts } from './texts.js'
import { page, visitOf } from './visit.js'

export const tabs = ['plan', 'calls', 'voicemail', 'assistance'] as const
export type Tab = (typeof tabs)[number]

export const LineParams = z.object({ number: z.string().max(100) })
/** What a page says of the change after which it is shown. */
export const Done = z.object({ done: z.string().max(40).optional() })

/** The line of a page. The access layer has asked whose it is. Throws a problem. */
export function lineOf({ settings }: PortalOptions, number: string): Line {
  const line = settings.line(number)
  if (!line) throw lineUnknown()
  return line
}

/** What Asterisk knows of a line; undefined while it is away: the rest of a page works. */
export async function whyOf(
  { controller }: PortalOptions,
  number: string,
): Promise<WhyView | undefined> {
  try {
    return await controller.why(number)
  } catch (error) {
    if (error instanceof AsteriskUnreachable) return undefined
    throw error
  }
}

/** The other lines of whoever is signed in, to apply a setting to as well (spec A15). */
export function othersOf(request: FastifyRequest, options: PortalOptions, line: Line) {
  const { format } = visitOf(request)
  const principal = principalOf(request)
  return options
    .site()
    .lines.filter(({ number }) => number !== line.number && owns(principal, number))
    .slice(0, MOST_TO_PICK)
    .map(({ number, name }) => ({ number, shown: format.number(number), name }))
}

/** More are changed over the API, not by ticking boxes. */
const MOST_TO_PICK = 500

/** A page of a line, below its tabs. */
export function linePage(
  request: FastifyRequest,
  reply: FastifyReply,
  shown: { line: Line; tab: Tab; view: object },
): FastifyReply {
  const { t, format } = visitOf(request)
  const { line, tab, view } = shown
  const title = `${line.name} · ${format.number(line.number)}`
  const frame = {
    number: line.number,
    tabLinks: tabs.map((name) => ({
      href: `${line.number}/${name}`,
      label: labelOf(name, t),
      isHere: name === tab,
    })),
    done: doneText(request, t),
    errors: false,
  }
  return page(request, reply, {
    template: `line-${tab}`,
    title,
    view: { ...frame, ...view },
  })
}

function labelOf(tab: Tab, t: Texts): string {
  switch (tab) {
    case 'plan':
      return t.tabPlan
    case 'calls':
      return t.tabCalls
    case 'voicemail':
      return t.tabVoicemail
    case 'assistance':
      return t.tabAssistance
  }
}

/** The words are ours: the address only chooses among them. */
export function doneText({ query }: FastifyRequest, t: Texts): string | false {
  const { success, data } = Done.safeParse(query)
  switch (success ? data.done : undefined) {
    case 'saved':
      return `${t.done} ${t.effectiveNow}`
    case 'kept':
      return `${t.done} ${t.asteriskAway}`
    case 'unchanged':
      return t.unchanged
    case 'removed':
      return t.removed
    case 'cancelled':
      return t.cancelled
    case 'ordered':
      return t.orderIssued
    case 'applied':
      return t.orderApplied
    case 'cancelledOrder':
      return t.orderCancelled
    default:
      return false
  }
}
