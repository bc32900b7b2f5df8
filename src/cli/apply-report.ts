import type { Told } from '../config/apply-controller.js'
import type { Refusal } from '../config/apply-policy.js'
import type { Applied } from '../config/apply-site.js'
import type { Plan } from '../config/plan.js'
import { planJson } from '../config/plan-text.js'
import { EXIT } from './exit.js'

/** All that is known when an apply is over. */
export interface Outcome {
  readonly applied: Applied
  readonly plan: Plan
  /** Why it was declined, if a rule and not a person did. */
  readonly refusal: Refusal | undefined
  /** Absent when there was nothing to tell the controller. */
  readonly told: Told | undefined
  /** Lines that were given back to the site file. */
  readonly reset: readonly string[]
}

/** How an outcome is said: to the shell, to a program, to a person. */
export interface Report {
  readonly exit: number
  readonly document: object
  readonly lines: readonly string[]
}

export function reportOf(outcome: Outcome): Report {
  const { reset } = outcome
  const report = reportOfApply(outcome)
  if (reset.length === 0) return report
  const lines = [...report.lines, `${reset.length} lines are as the site file says again`]
  return { ...report, lines, document: { ...report.document, reset } }
}

function reportOfApply({ applied, plan, refusal, told }: Outcome): Report {
  const document = { ...planJson(plan), ...applied, ...(told && { controller: told }) }
  switch (applied.kind) {
    case 'nothingToDo':
      return { exit: EXIT.ok, document, lines: ['nothing to do'] }
    case 'applied': {
      const lines = [`applied: ${applied.folder} is current`, ...noteOf(told)]
      return { exit: EXIT.ok, document, lines }
    }
    case 'declined': {
      if (!refusal) return { exit: EXIT.policy, document, lines: ['not applied'] }
      const lines = [`${refusal.code}  ${refusal.message}`]
      return { exit: EXIT.policy, document: { ...document, ...refusal }, lines }
    }
    case 'interrupted': {
      const lines = ['interrupted before the switch: nothing was changed']
      return { exit: EXIT.failed, document, lines }
    }
    case 'rolledBack':
      return { exit: EXIT.rolledBack, document, lines: rolledBackLines(applied) }
  }
}

function rolledBackLines(applied: Extract<Applied, { kind: 'rolledBack' }>): string[] {
  const { refusals, left } = applied
  return [
    'rolled back, Asterisk did not take it:',
    ...refusals.map((line) => `  ${line}`),
    ...left.map((line) => `  and on the way back: ${line}`),
    ...(left.length > 0 ? ['the next apply goes back first'] : []),
  ]
}

function noteOf(told: Told | undefined): string[] {
  switch (told?.kind) {
    case 'told':
      return ['the controller has taken the new site']
    case 'notRunning':
      return ['no controller is running; it will start with the new site']
    case 'failed':
      return [`the controller has NOT taken the new site: ${told.reason}`]
    case undefined:
      return []
  }
}
