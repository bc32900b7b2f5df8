import { z } from 'zod'
import { breaks } from './finding-codes.js'
import { Price } from './plan.js'

/** What a site says of its limits on harm; the numbers themselves are in src/call/harm.ts. */
export const HarmSection = z
  .strictObject({
    night: z
      .string(breaks('limits.night'))
      .regex(
        /^(?:none|(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)$/,
        breaks('limits.night'),
      )
      .default('20:00-07:00')
      .meta({
        description: 'When half of every limit holds, by the clock of the site; or none',
      }),
    moneyADay: Price.exactOptional().meta({
      description: 'The most a line may spend in 24 hours, in euros; absent: no limit',
    }),
    prices: z
      .strictObject({
        special: Price.default('0.80').meta({ description: 'Surcharged numbers' }),
        international: Price.default('0.25').meta({ description: 'Numbers abroad' }),
      })
      .prefault({})
      .meta({ description: 'What a minute of each class is taken to cost, in euros' }),
  })
  .meta({ description: 'Limits on calls that cost more than the plan' })
export type HarmSection = z.infer<typeof HarmSection>
