import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { principalOf } from '../http/access.js'
import { AsteriskUnreachable } from '../http/controller.js'
import type { Routes } from '../http/openapi.js'
import { owns } from '../http/principal.js'
import type { Line } from '../model/line.js'
import type { PortalOptions } from './portal-options.js'
import type { Texts } from './texts.js'
import { fragment, page, visitOf } from './visit.js'

const Asked = z.object({ q: z.string().max(100).optional() })
/** A page of more is searched, not read. */
const SHOWN = 50

/** `/`: the lines of whoever is signed in, with a search. `/lines-table`: its live part. */
export function linesPages(pages: Routes, options: PortalOptions): void {
  const route = { schema: { querystring: Asked }, config: { customers: true } } as const

  pages.get('/', route, async (request, reply) => {
    const view = await foundView(request, request.query.q ?? '', options)
    const { t } = visitOf(request)
    return page(request, reply, { template: 'lines', title: t.lines, view })
  })

  pages.get('/lines-table', route, async (request, reply) => {
    const view = await foundView(request, request.query.q ?? '', options)
    return fragment(request, reply, { template: 'lines-table', view })
  })
}

async function foundView(request: FastifyRequest, query: string, options: PortalOptions) {
  const { format, t } = visitOf(request)
  const principal = principalOf(request)
  const { lines, plans } = options.site()
  const found = lines.filter(
    (line) => owns(principal, line.number) && isFound(line, query),
  )
  const live = await liveOf(options)
  return {
    query,
    rows: found.slice(0, SHOWN).map(({ number, name, plan, calls }) => {
      const now = live?.get(number)
      const isOn = now?.registered === true
      return {
        ...{ number, name, shown: format.number(number), limit: calls },
        plan: plans[plan]?.label ?? plan,
        registered: isOn,
        phone: now ? phoneText(isOn, t) : t.unknown,
        inUse: now ? now.calls.inUse : '?',
      }
    }),
    isEmpty: found.length === 0,
    isAway: live === undefined,
    more: Math.max(0, found.length - SHOWN),
  }
}

function phoneText(isOn: boolean, t: Texts): string {
  return isOn ? t.registered : t.notRegistered
}

/** Undefined while Asterisk is away: the settings can be seen and changed all the same. */
async function liveOf({ controller }: PortalOptions) {
  try {
    const lines = await controller.lines()
    return new Map(lines.map((line) => [line.number, line]))
  } catch (error) {
    if (error instanceof AsteriskUnreachable) return undefined
    throw error
  }
}

/** By a part of the name, or by the digits of the number as one writes them at home. */
function isFound({ number, name }: Line, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  if (wanted === '' || name.toLowerCase().includes(wanted)) return true
  const digits = wanted.replaceAll(/[\s.+-]/g, '').replace(/^0(?=[1-9])/, '')
  return /^\d+$/.test(digits) && number.includes(digits)
}
