import type { Change, Surroundings } from './contract.js'
import { cents } from './money.js'
import { type Draft, draftOf, issue, type Unaccepted } from './order.js'
import { firstOf, type Refused, refused, type Step } from './refusal.js'

/** The most numbers of one order (spec A1, D11). */
const MOST = 100

export interface AliasesOrdered {
  readonly kind: 'ordered'
  readonly draft: Draft
  readonly changes: readonly Change[]
}

interface Asked extends Surroundings {
  readonly count: number
  readonly termsAccepted: boolean
}

type Answer = AliasesOrdered | Refused | Unaccepted

const onCount: Step<Asked, Answer> = ({ count }) =>
  Number.isInteger(count) && count >= 1 && count <= MOST
    ? undefined
    : refused('aliases-range', `an order is for 1 to ${MOST} numbers`)

const onTermsNotAccepted: Step<Asked, Answer> = (asked) => {
  if (asked.termsAccepted) return undefined
  const message = 'accept the general conditions: without, no order can be made'
  return { ...refused('terms-not-accepted', message), draft: draftFor(asked) }
}

const onAccepted: Step<Asked, Answer> = (asked) => {
  const draft = draftFor(asked)
  return { kind: 'ordered', draft, changes: [issue(draft, asked)] }
}

/** Alias numbers are ordered by their count, and paid by the month (spec A1). */
export function orderAliases(asked: Asked): Answer {
  return firstOf([onCount, onTermsNotAccepted, onAccepted], asked)
}

function draftFor({ count, ...around }: Asked): Draft {
  return draftOf({ kind: 'aliases', count }, cents(around.terms.aliasPrice), around)
}
