import { z } from 'zod'
import type { Explanation } from '../call/explain.js'
import type { Line } from '../model/line.js'
import { named } from './api-schemas.js'
import { type Known, lineView } from './live-view.js'
import { LineView } from './views.js'

export const ArrivalView = named(
  'Arrival',
  'What would become of a call by somebody outside who shows his number',
  z.object({
    rings: z
      .boolean()
      .meta({ description: 'Whether the phone of this very line would ring' }),
    step: z.string().meta({ description: 'The step of this line that decides' }),
    steps: z
      .array(z.object({ at: z.string(), passed: z.array(z.string()), step: z.string() }))
      .meta({ description: 'Every list of steps asked, and which step of it decided' }),
    forwards: z.array(
      z.object({
        by: z.string(),
        kind: z.enum(['cfu', 'cfb', 'cfnr', 'cfnl']),
        to: z.string(),
        planType: z.enum(['priceplan', 'outplan']),
      }),
    ),
    answer: z
      .looseObject({ kind: z.string() })
      .meta({ description: 'Where it would go' }),
    heard: z
      .object({
        kind: z.string(),
        cause: z.string().optional(),
        q850: z.int().optional(),
        sip: z.int().optional(),
      })
      .meta({ description: 'What the caller would get; codes when he is refused' }),
  }),
)

export const WhyView = named(
  'Why',
  'Who holds the call slots of a line, and what it would do with a call now',
  LineView.extend({ arrival: ArrivalView }),
)
export type WhyView = z.infer<typeof WhyView>

export function whyView(line: Line, known: Known, explained: Explanation): WhyView {
  const { steps, forwards, answer, heard } = explained
  return {
    ...lineView(line, known),
    arrival: {
      rings: answer.kind === 'ring' && answer.line === line.number,
      step: steps[0]?.step ?? 'none',
      steps: steps.map((taken) => ({ ...taken, passed: [...taken.passed] })),
      forwards: forwards.map((forward) => ({ ...forward })),
      answer: { ...answer },
      heard: { ...heard },
    },
  }
}
