import type { Finding } from '../model/finding.js'
import type { Conf, ConfEntry, ConfSection } from './conf-reader.js'
import { fault } from './fault.js'

/** One priority of one extension. */
interface Step {
  readonly context: string
  readonly pattern: string
  readonly application: string
  readonly argument: string
  readonly entry: ConfEntry
}

/** The sections of extensions.conf that are no contexts. */
const NOT_CONTEXTS: ReadonlySet<string> = new Set(['general', 'globals'])

/** Applications and functions that would run or write what a caller dialled. */
const POWERFUL = /^(?:System|TrySystem|MixMonitor|Exec|TryExec|AGI|Originate)$/i
const EVALUATES = /\$\{(?:SHELL|EVAL|FILE|CURL)\(/

/** How a contact is looked at before it is dialled: `ring` of the answers. */
const LOOKS = /!\$\{REGEX\("\^PJSIP\/.*\$\{SET\(LK_TO=\$\{PJSIP_DIAL_CONTACTS\(/

/** What the dialplan must never do, whoever wrote its template (T09, T10, T23). */
export function checkDialplan(conf: Conf, entrances: ReadonlySet<string>): Finding[] {
  const steps = conf.sections.flatMap(stepsOf)
  const doors = reachable(conf, entrances)
  return [
    ...conf.sections.flatMap(checkBytes),
    ...steps.flatMap(checkDial),
    ...steps.filter(({ context }) => doors.has(context)).flatMap(checkDoor),
    ...steps.flatMap(checkPower),
  ]
}

/** User text is never in the dialplan, so a byte outside ASCII is a leak. */
function checkBytes(section: ConfSection): Finding[] {
  return section.entries
    .filter(({ name, value }) => /[^\x20-\x7e]/.test(name + value))
    .map((entry) =>
      fault('rendered.userText', entry, 'only ASCII belongs in the dialplan'),
    )
}

/**
 * T10: without `i` a phone's 302 is a free call to anywhere. T06: a line, which has no
 * `@trunk`, is called where its phone has registered, so the guard looks first, or the
 * step before, whose LK_TO is dialled.
 */
function checkDial(
  { argument, entry, ...step }: Step,
  at: number,
  steps: readonly Step[],
): Finding[] {
  if (!isDial(step)) return []
  const [target = '', , options = ''] = splitArguments(argument)
  const found: Finding[] = []
  if (!withoutParentheses(options).includes('i'))
    found.push(fault('rendered.dialOption', entry, 'Dial without the option i'))
  const before = steps[at - 1]?.argument ?? ''
  const isLookedAt =
    options.includes('b(called^') || (/^\$\{LK_TO\}$/.test(target) && LOOKS.test(before))
  if (!target.includes('@') && !isLookedAt)
    found.push(fault('rendered.dialGuard', entry, 'Dial of a line without b(called…)'))
  return found
}

/** T09: what a stranger dials reaches Dial only through a pattern that bounds it. */
function checkDoor(step: Step): Finding[] {
  const dials =
    isDial(step) && step.pattern.startsWith('_') && /\$\{EXTEN/.test(step.argument)
  if (!dials) return []
  return [
    fault('rendered.dialExten', step.entry, `${step.pattern} dials what was dialled`),
  ]
}

function checkPower({ application, argument, entry }: Step): Finding[] {
  const runs = POWERFUL.test(application) || EVALUATES.test(argument)
  return runs ? [fault('rendered.power', entry, `${application} has no place here`)] : []
}

function isDial({ application }: Pick<Step, 'application'>): boolean {
  return application.toLowerCase() === 'dial'
}

/** The contexts a call can meet before any Goto. */
function reachable(conf: Conf, entrances: ReadonlySet<string>): Set<string> {
  const reached = new Set<string>()
  const waiting = [...entrances]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    const sections = conf.sections.filter((section) => section.name === name)
    const includes = sections.flatMap(({ entries }) => {
      return entries.filter((entry) => entry.name === 'include')
    })
    waiting.push(...includes.map(({ value }) => value))
  }
  return reached
}

function stepsOf(section: ConfSection): Step[] {
  if (NOT_CONTEXTS.has(section.name)) return []
  let pattern = ''
  return section.entries.flatMap((entry) => {
    const parts = splitArguments(entry.value)
    if (entry.name === 'exten') pattern = parts.shift() ?? ''
    else if (entry.name !== 'same') return []
    const call = parts.slice(1).join(',')
    const [, application = call, argument = ''] =
      /^([A-Za-z]+)\((.*)\)$/s.exec(call) ?? []
    return [{ context: section.name, pattern, application, argument, entry }]
  })
}

/** At the commas outside parentheses, brackets and braces. */
function splitArguments(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if ('([{'.includes(char)) depth++
    if (')]}'.includes(char)) depth--
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts
}

function withoutParentheses(options: string): string {
  return options.replaceAll(/\([^()]*\)/g, '')
}
