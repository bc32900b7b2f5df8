import { z } from 'zod'

/** The price of one more simultaneous call, in euros excluding VAT per month (spec A6). */
export const Price = z.string().regex(/^\d{1,4}\.\d{2}$/, 'an amount with cents, like "1.00"')

/** What a line pays for, and what that allows it. */
export const Plan = z.strictObject({
  label: z.string().min(1).max(60),
  calls: z.strictObject({
    /** Simultaneous calls that come with the plan. */
    included: z.int().min(1).max(99),
    /** The most that options may raise them to. */
    maximum: z.int().min(1).max(99),
    extraPrice: Price.optional(),
  }),
  /** Plans that may change to this one at a renewal. */
  upgradesFrom: z.array(z.string()).default([]),
  /** Allowance of calls to mobiles (spec A7.3). Absent: none. */
  mobile: z
    .union([z.literal('unlimited'), z.strictObject({ hours: z.int().min(1).max(744) })])
    .optional(),
  /** Only a fax plan may forward to a fax (spec A7.2). */
  fax: z.boolean().default(false),
})
export type Plan = z.infer<typeof Plan>
