import { answer, type Facts, parameterIn, settingIn } from './doctor-facts.js'

/** One rule of the hardened baseline. */
export interface Check {
  /** The threat it answers, a row of reliability §3.4. */
  readonly test: string
  readonly code: string
  readonly remedy: string
  /** What is otherwise than it should be, one sentence each. */
  readonly finds: (facts: Facts) => readonly string[]
}

/** A value that is always the same, or one that the deployed files say. */
export type Wanted = string | ((facts: Facts) => string)

export const APPLY =
  'Run "linekeeper apply" again; if it stays, an addition in etc/custom says otherwise'
export const RESTART =
  'Restart Asterisk: it reads this only when it starts. If it stays, look in etc/custom'

/** A setting that the console shows as `Label: value`. */
export function setting(command: string, label: string, wanted: Wanted): Check['finds'] {
  return (facts) => {
    const is = settingIn(answer(facts, command), label)
    return compare(label, is, told(wanted, facts))
  }
}

/** An option of PJSIP that the console shows as `name : value`. */
export function parameter(command: string, name: string, wanted: Wanted): Check['finds'] {
  return (facts) => {
    const is = parameterIn(answer(facts, command), name)
    return compare(name, is, told(wanted, facts))
  }
}

/** The same option of several objects. */
export function parameterOfEach(
  commands: (facts: Facts) => readonly string[],
  name: string,
  wanted: Wanted,
): Check['finds'] {
  return (facts) =>
    commands(facts).flatMap((command) => {
      const object = command.split(' ').at(-1) ?? command
      const is = parameterIn(answer(facts, command), name)
      return compare(`${object}: ${name}`, is, told(wanted, facts))
    })
}

function told(wanted: Wanted, facts: Facts): string {
  return typeof wanted === 'string' ? wanted : wanted(facts)
}

function compare(what: string, is: string | undefined, wanted: string): string[] {
  if (is === wanted) return []
  const found = is === undefined ? 'is not shown' : `is "${is}"`
  return [`${what} ${found}, not "${wanted}"`]
}
