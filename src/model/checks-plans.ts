import type { Draft } from './draft.js'
import { type Finding, finding } from './finding.js'
import { nearest } from './nearest.js'
import { show } from './refusal.js'

/** The plan that has one call for ever, whatever the file calls its maximum [S001]. */
const oneCallPlan = 'decouverte'

/** Of a plan that could not be read, nothing is known. */
const noLimit = { included: 1, maximum: 99 }

export function planCalls({ plans }: Draft): Finding[] {
  return [...plans].flatMap(([name, { calls }]) => {
    const path = ['plans', name, 'calls', 'maximum']
    if (calls.maximum < calls.included) {
      const message = `plan ${name} includes ${calls.included} calls, but allows ${calls.maximum}`
      return [finding('plan.calls', path, message)]
    }
    if (name !== oneCallPlan || calls.maximum === 1) return []
    const message = `plan ${name} is limited to 1 call, not ${calls.maximum}`
    return [finding('plan.limit', path, message)]
  })
}

/** A plan may come after others that exist; from several calls back to one never [S001]. */
export function upgrades({ plans, planNames }: Draft): Finding[] {
  return [...plans].flatMap(([name, { upgradesFrom, calls }]) =>
    upgradesFrom.flatMap((from, at) => {
      const path = ['plans', name, 'upgradesFrom', at]
      if (from === name) {
        return [
          finding('ref.missing', path, `plan ${name} cannot be an upgrade of itself`),
        ]
      }
      if (!planNames.has(from)) return [missingPlan(from, planNames, path)]
      const before = plans.get(from)?.calls.maximum ?? 1
      if (calls.maximum > 1 || before === 1) return []
      const message = `${from} (${before} calls) would go back to ${name} (1 call)`
      return [finding('plan.downgrade', path, message)]
    }),
  )
}

export function linePlans({ lines, planNames }: Draft): Finding[] {
  return lines.flatMap(({ path, value }) =>
    planNames.has(value.plan)
      ? []
      : [missingPlan(value.plan, planNames, [...path, 'plan'])],
  )
}

export function limits({ lines, plans }: Draft): Finding[] {
  return lines.flatMap(({ path, value }) => {
    const { maximum, included } = plans.get(value.plan)?.calls ?? noLimit
    // A plan that contradicts itself has been told; its lines are not at fault.
    if (maximum < included) return []
    if (value.calls <= maximum) return []
    const message = `line ${value.number} has ${value.calls} calls, plan ${value.plan} allows ${maximum}`
    return [finding('plan.limit', [...path, 'calls'], message)]
  })
}

function missingPlan(
  name: string,
  names: ReadonlySet<string>,
  path: Finding['path'],
): Finding {
  const at = finding('ref.missing', path, `plan ${show(name, path)} does not exist`)
  const guess = nearest(name, names)
  return guess ? { ...at, remedy: `write \`${guess}\`, or declare the plan` } : at
}
