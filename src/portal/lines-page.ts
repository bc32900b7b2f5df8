import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { principalOf } from '../http/access.js'
import type { Controller } from '../http/controller.js'
import type { Routes } from '../http/openapi.js'
import { owns } from '../http/principal.js'
import type { LineView } from '../http/views.js'
import { fragment, page, type Visit, visitOf } from './visit.js'

const Asked = z.object({ q: z.string().max(100).optional() })
/** A page of more is searched, not read. */
const SHOWN = 50

/** `/`: the lines of whoever is signed in, with a search. `/lines-table`: its live part. */
export function linesPages(
  pages: Routes,
  { controller }: { controller: Pick<Controller, 'lines'> },
): void {
  const options = { schema: { querystring: Asked }, config: { customers: true } } as const

  pages.get('/', options, async (request, reply) => {
    const view = foundView(visitOf(request), request.query.q ?? '', await own(request))
    const { t } = visitOf(request)
    return page(request, reply, { template: 'lines', title: t.lines, view })
  })

  pages.get('/lines-table', options, async (request, reply) => {
    const view = foundView(visitOf(request), request.query.q ?? '', await own(request))
    return fragment(request, reply, { template: 'lines-table', view })
  })

  async function own(request: FastifyRequest): Promise<LineView[]> {
    const principal = principalOf(request)
    const lines = await controller.lines()
    return lines.filter(({ number }) => owns(principal, number))
  }
}

function foundView({ format, t }: Visit, query: string, lines: readonly LineView[]) {
  const found = lines.filter((line) => isFound(line, query))
  return {
    query,
    rows: found.slice(0, SHOWN).map((line) => ({
      number: line.number,
      shown: format.number(line.number),
      name: line.name,
      plan: line.plan,
      registered: line.registered,
      phone: line.registered ? t.registered : t.notRegistered,
      inUse: line.calls.inUse,
      limit: line.calls.limit,
    })),
    isEmpty: found.length === 0,
    more: Math.max(0, found.length - SHOWN),
  }
}

/** By a part of the name, or by the digits of the number as one writes them at home. */
function isFound({ number, name }: LineView, query: string): boolean {
  const wanted = query.trim().toLowerCase()
  if (wanted === '' || name.toLowerCase().includes(wanted)) return true
  const digits = wanted.replaceAll(/[\s.+-]/g, '').replace(/^0(?=[1-9])/, '')
  return /^\d+$/.test(digits) && number.includes(digits)
}
