import { z } from 'zod'
import { breaks } from './finding-codes.js'
import { Slug } from './ident.js'

/** The price of one more simultaneous call, in euros excluding VAT per month (spec A6). */
export const Price = z
  .string(breaks('price.format'))
  .regex(/^\d{1,4}\.\d{2}$/, breaks('price.format'))

/** How many calls at once. The panel sends who wants 100 or more to a person (spec C13). */
export const CallLimit = z
  .int(breaks('limit.range'))
  .min(1, breaks('limit.range'))
  .max(99, { error: 'limit.contact' })

/** Of calls to mobiles in one month, whose longest has 744. */
const Hours = z
  .int(breaks('hours.range'))
  .min(1, breaks('hours.range'))
  .max(744, breaks('hours.range'))
  .meta({ description: 'Hours per month, 1 to 744' })

/** What a line pays for, and what that allows it. */
export const Plan = z
  .strictObject({
    label: z
      .string(breaks('label.format'))
      .min(1, breaks('label.format'))
      .max(60, breaks('label.format'))
      .meta({ description: 'Name of the plan, as the portal shows it' }),
    calls: z
      .strictObject({
        included: CallLimit.meta({
          description: 'Simultaneous calls that come with the plan',
        }),
        maximum: CallLimit.meta({
          description: 'The most that options may raise them to',
        }),
        extraPrice: Price.meta({
          description: 'One more simultaneous call, in euros excl. VAT per month',
        }).optional(),
      })
      .meta({ description: 'Simultaneous calls' }),
    upgradesFrom: z
      .array(Slug)
      .default([])
      .meta({ description: 'Plans that may change to this one at a renewal' }),
    // The allowance of calls to mobiles (spec A7.3). Absent: none.
    mobile: z
      .union(
        [z.literal('unlimited'), z.strictObject({ hours: Hours })],
        breaks('hours.range'),
      )
      .optional()
      .meta({ description: 'Calls to mobiles: unlimited, or hours per month' }),
    fax: z
      .boolean()
      .default(false)
      .meta({ description: 'Only a fax plan may forward to a fax (spec A7.2)' }),
  })
  .meta({ id: 'Plan', description: 'What a line pays for, and what that allows it' })
export type Plan = z.infer<typeof Plan>
