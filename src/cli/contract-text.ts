import { z } from 'zod'

const Waiting = z.object({ effectiveOn: z.string() })
const Contract = z.object({
  plan: z.string(),
  label: z.string(),
  calls: z.object({
    limit: z.number(),
    included: z.number(),
    extra: z.number(),
    maximum: z.number(),
    extraPrice: z.string(),
  }),
  bandwidthKbits: z.object({ from: z.number(), to: z.number() }),
  plans: z.array(z.string()),
  planChange: Waiting.extend({ plan: z.string() }).nullable(),
  decrease: Waiting.extend({ calls: z.number() }).nullable(),
  order: z.object({ id: z.string(), price: z.object({ total: z.string() }) }).nullable(),
})

/** What a line has of its operator, for a person. */
export function contractText(body: unknown): string[] {
  const { plan, label, calls, bandwidthKbits, plans, ...waiting } = Contract.parse(body)
  const { planChange, decrease, order } = waiting
  const { from, to } = bandwidthKbits
  return [
    `plan       ${plan} (${label})`,
    `calls      ${calls.limit}: ${calls.included} with the plan, ${calls.extra} extra at ` +
      `${calls.extraPrice} € a month; ${calls.maximum} at most`,
    `bandwidth  ${from} to ${to} kbit/s each way`,
    ...(plans.length > 0 ? [`may become ${plans.join(', ')}`] : []),
    ...(planChange
      ? [`waits      ${planChange.plan} from ${planChange.effectiveOn} on`]
      : []),
    ...(decrease
      ? [`waits      ${decrease.calls} calls from ${decrease.effectiveOn} on`]
      : []),
    ...(order ? [`unpaid     order ${order.id}, ${order.price.total} € a month`] : []),
  ]
}

/** An instant, in UTC: the same wherever the command runs. */
export function dateText(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')}Z`
}
