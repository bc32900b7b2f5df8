import { z } from 'zod'
import type { Routes } from '../http/openapi.js'
import { Problem } from '../http/problem.js'
import type { PortalOptions } from './portal-options.js'
import { stepText } from './step-text.js'
import { timelineView } from './timeline.js'
import { page, visitOf } from './visit.js'

const Asked = z.object({ id: z.string().max(200) })
/** A call is looked for among the latest; older ones are in the records. */
const SEARCHED = 1_000

/** `/call?id=…`: the timeline of one call, for the operator. */
export function callPage(pages: Routes, { records }: PortalOptions): void {
  pages.get('/call', { schema: { querystring: Asked } }, async (request, reply) => {
    const { t, format, language } = visitOf(request)
    const calls = records ? await records.matching({ limit: SEARCHED }) : []
    const call = calls.find(({ id }) => id === request.query.id)
    if (!call) throw new Problem(404, 'call-unknown', 'no such call')
    const view = {
      timeline: timelineView(call, Date.now(), t, format),
      steps: call.steps.map((step) => stepText(step, language)),
      begun: format.instant(call.startedAt),
    }
    return page(request, reply, { template: 'call', title: t.timeline, view })
  })
}
