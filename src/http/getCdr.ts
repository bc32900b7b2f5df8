import { z } from 'zod'
import type { CallDetail } from '../model/call-detail.js'
import type { CallFilter } from '../store/call-details.js'
import type { MobileUsage } from '../subscription/usage.js'
import { CallDetailView, callDetailView } from './call-detail-view.js'
import type { Routes } from './openapi.js'
import { Problem, problems } from './problem.js'

/** The call records of the running controller. */
export interface CallRecords {
  /** Reject with StoreUnavailable, all of them. */
  matching(filter: CallFilter): Promise<readonly CallDetail[]>
  /** Undefined when no line has this number; `month` is `2026-01`, of the site's time zone. */
  usage(number: string, month: string | undefined): Promise<MobileUsage | undefined>
  /** Deletes records of calls begun before; with `dryRun` only counts them. */
  forget(before: number, dryRun: boolean): Promise<number>
  /** The canonical number of a line. */
  canonical(number: string): string | undefined
}

const At = z.iso.datetime({ offset: true })
const Filter = z.object({
  from: At.optional().meta({ description: 'Begun at or after this instant' }),
  to: At.optional().meta({ description: 'Begun before this instant' }),
  direction: z.enum(['incoming', 'outgoing', 'internal', 'transfer']).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  offset: z.coerce.number().int().min(0).default(0),
})
const OfLine = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
})

/** `GET /api/v1/cdr`; of one line `…/lines/{number}/cdr` and `…/usage`. */
export function cdrRoutes(routes: Routes, records: CallRecords): void {
  const all = {
    summary: 'Call records, the newest first',
    querystring: Filter.extend({ line: z.string().optional() }),
    response: { 200: z.array(CallDetailView), ...problems(400, 401, 404, 422, 503) },
  }
  routes.get('/cdr', { schema: all }, async ({ query: { line, ...filter } }) =>
    views(records, filter, line === undefined ? undefined : canonical(records, line)),
  )

  const one = {
    summary: 'Call records of a line, the newest first',
    params: OfLine,
    querystring: Filter,
    response: { 200: z.array(CallDetailView), ...problems(400, 401, 404, 422, 503) },
  }
  routes.get('/lines/:number/cdr', { schema: one }, async ({ params, query }) =>
    views(records, query, canonical(records, params.number)),
  )

  const usage = {
    summary: 'What a line has used of its hours of calls to mobiles in a month',
    params: OfLine,
    querystring: z.object({
      month: z
        .string()
        .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
        .optional()
        .meta({ description: 'Like 2026-01; the current one unless said' }),
    }),
    response: {
      200: z.object({
        allowedSeconds: z.int().nullable().meta({ description: 'Null: without limit' }),
        usedSeconds: z.int(),
        outOfPlanSeconds: z.int(),
      }),
      ...problems(400, 401, 404, 422, 503),
    },
  }
  routes.get('/lines/:number/usage', { schema: usage }, async ({ params, query }) => {
    const used = await records.usage(params.number, query.month)
    if (!used) throw unknown()
    return used
  })
}

/** `DELETE /api/v1/cdr?before=…`: what is too old to be kept. */
export function forgetCdrRoute(routes: Routes, records: CallRecords): void {
  const schema = {
    summary: 'Delete the records of calls begun before an instant',
    querystring: z.object({
      before: At,
      dryRun: z.enum(['true', 'false']).default('false').meta({
        description: 'true: only count them',
      }),
    }),
    response: { 200: z.object({ calls: z.int() }), ...problems(400, 401, 422, 503) },
  }
  routes.delete('/cdr', { schema }, async ({ query: { before, dryRun } }) => ({
    calls: await records.forget(Date.parse(before), dryRun === 'true'),
  }))
}

async function views(
  records: CallRecords,
  { from, to, ...filter }: z.infer<typeof Filter>,
  line: string | undefined,
): Promise<CallDetailView[]> {
  const details = await records.matching({
    ...filter,
    line,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  })
  return details.map(callDetailView)
}

function canonical(records: CallRecords, number: string): string {
  const line = records.canonical(number)
  if (line === undefined) throw unknown()
  return line
}

function unknown(): Problem {
  return new Problem(404, 'line-unknown', 'no line has this number')
}
