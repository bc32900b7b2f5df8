import type { ConfSection } from './conf-reader.js'
import type { ComparedSection } from './diff-sections.js'

/**
 * An object of a line as PJSIP finds it in AstDB, before its file (sorcery.conf): a new
 * version is in force with the next request that asks for it, and nothing is reloaded.
 */
export interface PushedObject {
  readonly type: 'auth' | 'endpoint'
  /** The number of the line. */
  readonly id: string
  /** Option → value, in the order of the file. */
  readonly options: ReadonlyMap<string, string>
}

/** More than these at once cost less by one reload than one by one. */
const MOST_PUSHED = 20

/** AMI reads a line into 1,024 bytes; the header and its end are in it. */
const MOST_BYTES = 1_000

/** What may be pushed lies in these files; a change elsewhere in PJSIP needs its reload. */
const TYPES: Readonly<Record<string, PushedObject['type']>> = {
  'pjsip_auth.conf': 'auth',
  'pjsip_lines.conf': 'endpoint',
}

/**
 * Options that act when PJSIP loads them and not when a call asks for them: the lamp of
 * a mailbox is subscribed then.
 */
const ACT_AT_RELOAD = /^[+-] mailboxes /

/** Options that Asterisk reads as a list, so that several entries are one. */
const LISTS: ReadonlySet<string> = new Set(['permit', 'deny'])

/**
 * The objects to push for a change, when it gives existing lines new values and changes
 * nothing else of PJSIP's. Undefined when PJSIP must be reloaded, or has nothing new: a
 * line that comes or goes also needs its state of reachability, which a reload makes.
 */
export function pushedFor(
  compared: readonly ComparedSection[],
): readonly PushedObject[] | undefined {
  const changed = compared.filter(({ change }) => change.file.startsWith('pjsip'))
  if (changed.length === 0 || changed.length > MOST_PUSHED) return undefined
  const objects = changed.flatMap((section) => pushed(section) ?? [])
  return objects.length === changed.length ? objects : undefined
}

function pushed({ change, after }: ComparedSection): PushedObject | undefined {
  const type = TYPES[change.file]
  if (!type || !after || change.kind !== 'change' || after.template) return undefined
  const acts = change.lines.some(({ op, text }) => ACT_AT_RELOAD.test(`${op} ${text}`))
  const options = optionsOf(after)
  if (acts || !options || !/^\d+$/.test(after.name)) return undefined
  const object = { type, id: after.name, options }
  return Buffer.byteLength(pushedText(object)) <= MOST_BYTES ? object : undefined
}

/** Undefined when an option stands there twice and means two things. */
function optionsOf({ entries }: ConfSection): ReadonlyMap<string, string> | undefined {
  const options = new Map<string, string>()
  for (const { name, value } of entries) {
    if (name === 'type') continue
    const before = options.get(name)
    if (before === undefined) options.set(name, value)
    else if (LISTS.has(name)) options.set(name, `${before},${value}`)
    else return undefined
  }
  return options
}

/** As Asterisk keeps it in AstDB: an object of JSON, whose order it follows (measured). */
export function pushedText({ options }: PushedObject): string {
  return JSON.stringify(Object.fromEntries(options))
}
