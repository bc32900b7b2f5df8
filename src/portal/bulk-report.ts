import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Texts } from './texts.js'
import { page, visitOf } from './visit.js'

/** What became of a change for one of several lines; no reasons: it was made. */
export interface Outcome {
  readonly line: string
  readonly reasons: readonly string[]
}

interface Report {
  readonly outcomes: readonly Outcome[]
  /** When what was changed takes effect, in a sentence. */
  readonly when: string
  /** The page of the line it came from: `0033972100001/calls`, and its name. */
  readonly back: string
  readonly backText: string
}

/** All, some with their count, or none; and each line that was refused (spec A15, C13). */
export function bulkReport(
  request: FastifyRequest,
  reply: FastifyReply,
  { outcomes, when, back, backText }: Report,
): FastifyReply {
  const { t, format } = visitOf(request)
  const failed = outcomes.filter(({ reasons }) => reasons.length > 0)
  const view = {
    message: messageOf(failed.length, outcomes.length, t),
    count: `${outcomes.length - failed.length} / ${outcomes.length}`,
    isGood: failed.length === 0,
    when: failed.length < outcomes.length && when,
    failed: failed.map(({ line, reasons }) => ({
      shown: format.number(line),
      reasons: reasons.join(' '),
    })),
    hasFailed: failed.length > 0,
    ...{ back, backText },
  }
  return page(request, reply, { template: 'bulk-report', title: t.several, view })
}

function messageOf(failed: number, all: number, t: Texts): string {
  if (failed === 0) return t.allDone
  return failed === all ? t.noneDone : t.someDone
}
