import { z } from 'zod'
import { breaks } from './finding-codes.js'
import { Price } from './plan.js'

/** What an order says besides what is ordered, and what the customer may undo (spec A6). */
export const OrderTerms = z
  .strictObject({
    expireAfterDays: z
      .int(breaks('orders.days'))
      .min(1, breaks('orders.days'))
      .max(365, breaks('orders.days'))
      .default(30)
      .meta({ description: 'An order that is not paid by then expires' }),
    // The overseas departments have 8.5: one decimal is needed.
    vatPercent: z
      .number(breaks('orders.vat'))
      .min(0, breaks('orders.vat'))
      .max(50, breaks('orders.vat'))
      .multipleOf(0.1, breaks('orders.vat'))
      .default(20)
      .meta({ description: 'Shown beside each price, which excludes it' }),
    aliasPrice: Price.default('1.00').meta({
      description: 'One more alias number, in euros excl. VAT per month',
    }),
    pendingDecreaseLocks: z
      .boolean()
      .default(true)
      .meta({
        description:
          'While fewer simultaneous calls wait for their renewal, their number cannot be ' +
          'changed; only the operator can take it back',
      }),
  })
  .meta({ description: 'Orders of simultaneous calls and of alias numbers' })
export type OrderTerms = z.infer<typeof OrderTerms>
