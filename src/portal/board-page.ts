import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AsteriskUnreachable } from '../http/controller.js'
import type { Routes } from '../http/openapi.js'
import type { HoldingView, LineView } from '../http/views.js'
import type { CallDetail } from '../model/call-detail.js'
import type { PortalOptions } from './portal-options.js'
import { stepText } from './step-text.js'
import type { Texts } from './texts.js'
import { fragment, page, type Visit, visitOf } from './visit.js'

const Asked = z.object({
  page: z.coerce.number().int().min(1).max(1_000).optional().catch(undefined),
  q: z.string().max(100).optional(),
})

/** Rows on one page: what one looks over, and what is redrawn at each event. */
const ROWS = 50
/** More free cells than this are a number. */
const FREE_CELLS = 6
const RECENT = 30

/** `/board`: what goes on, for the operator. `/board-rows`: its live part. */
export function boardPages(pages: Routes, options: PortalOptions): void {
  const schema = { querystring: Asked }
  pages.get('/board', { schema }, async (request, reply) => {
    const view = await boardView(request, options)
    const { t } = visitOf(request)
    return page(request, reply, { template: 'board', title: t.board, view })
  })
  pages.get('/board-rows', { schema }, async (request, reply) => {
    const view = await boardView(request, options)
    return fragment(request, reply, { template: 'board-rows', view })
  })
}

async function boardView(request: FastifyRequest, options: PortalOptions) {
  const visit = visitOf(request)
  const { data } = Asked.safeParse(request.query)
  const [at, query] = [data?.page ?? 1, data?.q ?? '']
  const lines = await liveLines(options)
  const found = (lines ?? []).filter(({ number, name }) =>
    `${number} ${name.toLowerCase()}`.includes(query.trim().toLowerCase()),
  )
  const recent = await recentCalls(options)
  return {
    query,
    pageNumber: at,
    isAway: lines === undefined,
    rows: found.slice((at - 1) * ROWS, at * ROWS).map((line) => rowOf(line, visit)),
    previous: at > 1 ? { page: at - 1 } : false,
    next: found.length > at * ROWS ? { page: at + 1 } : false,
    refused: recent.filter(isRefused).map((call) => callRow(call, visit)),
    recent: recent.map((call) => callRow(call, visit)),
  }
}

async function liveLines({
  controller,
}: PortalOptions): Promise<readonly LineView[] | undefined> {
  try {
    return await controller.lines()
  } catch (error) {
    if (error instanceof AsteriskUnreachable) return undefined
    throw error
  }
}

function rowOf({ number, name, registered, calls }: LineView, { t, format }: Visit) {
  const free = Math.max(0, calls.limit - calls.inUse)
  const used = calls.holdings.map((holding) => {
    const state = slotState(holding)
    const other = holding.with === null ? t.anonymous : format.number(holding.with)
    return {
      state,
      text: t[state],
      other,
      since: format.duration(holding.ageSeconds),
    }
  })
  const cells = Math.min(free, FREE_CELLS)
  return {
    ...{ number, name, shown: format.number(number), registered },
    phone: registered ? t.registered : t.notRegistered,
    used,
    free: Array.from({ length: cells }, () => t.free),
    moreFree: free > cells ? `+ ${free - cells} ${t.free}` : false,
    count: `${calls.inUse} / ${calls.limit}`,
  }
}

function slotState({ kind, state, held }: HoldingView) {
  if (held) return 'held' as const
  if (kind === 'reservation' || kind === 'transfer') return 'reserved' as const
  return state === 'up' ? ('talking' as const) : ('ringing' as const)
}

function recentCalls({ records }: PortalOptions): Promise<readonly CallDetail[]> {
  return records ? records.matching({ limit: RECENT }) : Promise.resolve([])
}

/** Nobody's phone rang and nobody answered: a rule refused it. */
export function isRefused({ answeredAt, endedAt, legs, forwards }: CallDetail): boolean {
  return answeredAt === null && endedAt !== null && legs.length + forwards.length === 0
}

function callRow(call: CallDetail, { t, format, language }: Visit) {
  const last = call.steps.at(-1)
  return {
    id: encodeURIComponent(call.id),
    at: format.clock(call.startedAt),
    from: call.from === null ? t.anonymous : format.number(call.from),
    to: format.number(call.to),
    why: last === undefined ? '' : stepText(last, language),
    state: stateOf(call, t),
  }
}

function stateOf({ answeredAt, endedAt }: CallDetail, t: Texts): string {
  if (endedAt === null) return answeredAt === null ? t.ringing : t.talking
  return answeredAt === null ? t.unanswered : t.ended
}
