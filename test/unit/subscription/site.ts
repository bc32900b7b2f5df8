import { OrderTerms } from '../../../src/model/order-terms.js'
import { Plan } from '../../../src/model/plan.js'
import type { Subscription, Surroundings } from '../../../src/subscription/contract.js'

export const line = '0033972100001'

/** The plans of the guides, one more, and one that nothing leads to. */
export const plans: ReadonlyMap<string, Plan> = new Map(
  Object.entries({
    decouverte: { label: 'Découverte', calls: { included: 1, maximum: 1 } },
    entreprise: {
      label: 'Entreprise',
      calls: { included: 2, maximum: 99, extraPrice: '1.00' },
      upgradesFrom: ['decouverte', 'illimite'],
    },
    illimite: {
      label: 'Illimité',
      calls: { included: 5, maximum: 10 },
      upgradesFrom: ['decouverte', 'entreprise'],
    },
    fax: { label: 'Fax', calls: { included: 1, maximum: 1 } },
  }).map(([name, plan]) => [name, Plan.parse(plan)]),
)

/** An instant as people of Paris write it, `2026-01-31 23:59:59`; with `Z`, in UTC. */
export function instant(text: string): number {
  const isUtc = text.endsWith('Z')
  const iso = text.replace(' ', 'T').replace(/ ?Z$/, '')
  const utc = Date.parse(`${iso.length === 10 ? `${iso}T00:00` : iso}Z`)
  if (isUtc) return utc
  // Paris is one hour ahead in winter and two in summer: whichever reads back the same.
  const [winter, summer] = [utc - 3_600_000, utc - 7_200_000]
  return isParis(summer, utc) ? summer : winter
}

function isParis(at: number, wallClock: number): boolean {
  const shown = new Intl.DateTimeFormat('sv', {
    timeZone: 'Europe/Paris',
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at)
  return Date.parse(`${shown.replace(' ', 'T')}Z`) === wallClock
}

export function around(now: string, terms: Partial<OrderTerms> = {}): Surroundings {
  return {
    plans,
    terms: { ...OrderTerms.parse({}), ...terms },
    timeZone: 'Europe/Paris',
    nowMs: instant(now),
  }
}

/** A line with such a contract, and what else is known of it. */
export function subscription(
  plan: string,
  calls: number,
  more: Partial<Subscription> = {},
): Subscription {
  return { line, contract: { plan, calls }, ...more }
}
