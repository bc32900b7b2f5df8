import { z } from 'zod'
import { type CallDetail, linesOf, talkSeconds } from '../model/call-detail.js'
import { Instant, named } from './api-schemas.js'

const PlanTypeView = z.enum(['priceplan', 'outplan']).meta({
  description: 'Whether the plan of the line covers it',
})
const DestinationView = z
  .enum([
    ...(['line', 'service', 'emergency', 'national', 'freephone'] as const),
    ...(['mobile', 'special', 'international', 'closed'] as const),
  ])
  .meta({ description: 'What the number leads to' })

export const CallDetailView = named(
  'CallDetail',
  'The record of a call',
  z.object({
    id: z.string(),
    direction: z.enum(['incoming', 'outgoing', 'internal', 'transfer']).meta({
      description: 'transfer: a line transferred a call to this number',
    }),
    line: z.string().nullable().meta({
      description: 'The line that made it and pays for it; null for a call from outside',
    }),
    lines: z.array(z.string()).meta({ description: 'Every line it has to do with' }),
    from: z.string().nullable().meta({ description: 'Null when the caller hides' }),
    to: z.string().meta({ description: 'As it was dialled' }),
    destination: DestinationView,
    planType: PlanTypeView.nullable(),
    startedAt: Instant,
    answeredAt: Instant.nullable(),
    endedAt: Instant.nullable().meta({ description: 'Null while it goes on' }),
    seconds: z.int().meta({ description: 'How long it was talked: what is billed' }),
    cause: z.int().nullable().meta({
      description: 'Q.850; null when the end itself was not heard of',
    }),
    reason: z.string().nullable().meta({
      description: 'The step that decided last; of a refused call, why it was refused',
    }),
    steps: z.array(z.string()),
    forwards: z
      .array(
        z.object({
          by: z
            .string()
            .meta({ description: 'The line that forwarded, and pays for it' }),
          kind: z.string(),
          to: z.string(),
          destination: DestinationView,
          planType: PlanTypeView,
          seconds: z.int(),
        }),
      )
      .meta({
        description: 'A forward is a call of its own, as a transfer is (spec A7.3)',
      }),
    legs: z.array(
      z.object({
        endpoint: z.string().meta({ description: 'A line, or a trunk by its name' }),
        startedAt: Instant,
        answeredAt: Instant.nullable(),
        endedAt: Instant.nullable(),
      }),
    ),
    source: z.enum(['controller', 'asterisk']).meta({
      description: 'asterisk: the controller was away, and of the rules nothing is known',
    }),
    calls: z.int().meta({
      description: 'How many calls it stands for: 1, or more that were begun too fast',
    }),
  }),
)
export type CallDetailView = z.infer<typeof CallDetailView>

export function callDetailView(detail: CallDetail): CallDetailView {
  const { id, direction, line, from, to, destination, planType, cause, source } = detail
  const seconds = talkSeconds(detail)
  return {
    ...{ id, direction, line, lines: linesOf(detail), from, to, destination, planType },
    startedAt: instant(detail.startedAt) ?? '',
    answeredAt: instant(detail.answeredAt),
    endedAt: instant(detail.endedAt),
    ...{ seconds, cause, source, calls: detail.calls ?? 1 },
    reason: detail.steps.at(-1) ?? null,
    steps: [...detail.steps],
    forwards: detail.forwards.map((forward) => ({ ...forward, seconds })),
    legs: detail.legs.map(({ endpoint, startedAt, answeredAt, endedAt }) => ({
      endpoint,
      startedAt: instant(startedAt) ?? '',
      answeredAt: instant(answeredAt ?? null),
      endedAt: instant(endedAt ?? null),
    })),
  }
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
