import type { Finding } from '../model/finding.js'
import type { Conf, ConfSection } from './conf-reader.js'
import { fault } from './fault.js'
import { pjsipOptions } from './pjsip-options.js'

/** A section of pjsip.conf that makes an object. */
interface PjsipObject {
  readonly type: string
  readonly section: ConfSection
}

/** Options that name another object, and its type. */
const REFERENCES: ReadonlyMap<string, string> = new Map([
  ['auth', 'auth'],
  ['aors', 'aor'],
  ['transport', 'transport'],
  ['endpoint', 'endpoint'],
])

/** Options that name a context of the dialplan. */
const CONTEXTS: ReadonlySet<string> = new Set(['context', 'message_context'])

/** What PJSIP would refuse, or accept and never say (L13). */
export function checkPjsip(conf: Conf, contexts: ReadonlySet<string>): Finding[] {
  const objects = conf.sections.filter(({ template }) => !template).map(objectOf)
  const known = new Set(objects.map(({ type, section }) => `${type} ${section.name}`))
  return [
    ...duplicates(objects),
    ...objects.flatMap((object) => checkOptions(object)),
    ...objects.flatMap((object) => checkReferences(object, known)),
    ...objects.flatMap((object) => checkContexts(object, contexts)),
    ...checkEndpoints(objects),
  ]
}

function objectOf(section: ConfSection): PjsipObject {
  return { type: optionOf(section, 'type') ?? '', section }
}

/** The value that counts: the last one given. */
function optionOf(section: ConfSection, name: string): string | undefined {
  return section.entries.findLast((entry) => entry.name === name)?.value
}

function duplicates(objects: readonly PjsipObject[]): Finding[] {
  const seen = new Set<string>()
  return objects.flatMap(({ type, section }) => {
    const key = `${type} ${section.name}`
    const again = seen.has(key)
    seen.add(key)
    if (!again) return []
    const message = `a second ${type} ${section.name}: Asterisk refuses every ${type} for it`
    return [fault('rendered.duplicate', section, message)]
  })
}

function checkOptions({ type, section }: PjsipObject): Finding[] {
  const options = pjsipOptions[type]
  if (!options) {
    const message = `[${section.name}] has no type we know`
    return [fault('rendered.type', section, message)]
  }
  const found: Finding[] = []
  for (const entry of section.entries) {
    if (entry.name === 'type' || options.has(entry.name)) continue
    found.push(fault('rendered.option', entry, `${type} has no option ${entry.name}`))
  }
  return found
}

function checkReferences(object: PjsipObject, known: ReadonlySet<string>): Finding[] {
  const found: Finding[] = []
  for (const entry of object.section.entries) {
    const type = REFERENCES.get(entry.name)
    if (type === undefined || known.has(`${type} ${entry.value}`)) continue
    found.push(fault('rendered.reference', entry, `there is no ${type} ${entry.value}`))
  }
  return found
}

function checkContexts(object: PjsipObject, contexts: ReadonlySet<string>): Finding[] {
  if (object.type !== 'endpoint') return []
  const { section } = object
  const missing = optionOf(section, 'context') === undefined
  const absent = section.entries.filter(
    ({ name, value }) => CONTEXTS.has(name) && !contexts.has(value),
  )
  return [
    ...absent.map((entry) => {
      return fault('rendered.reference', entry, `there is no context ${entry.value}`)
    }),
    ...(missing
      ? [fault('rendered.context', section, 'no context: the call goes to default')]
      : []),
  ]
}

/** T01: whoever is no known phone and no known carrier reaches nothing. */
function checkEndpoints(objects: readonly PjsipObject[]): Finding[] {
  const identified = new Set(
    objects
      .filter(({ type }) => type === 'identify')
      .map(({ section }) => optionOf(section, 'endpoint')),
  )
  return objects.flatMap(({ type, section }) => {
    if (type !== 'endpoint') return []
    const password = optionOf(section, 'auth') !== undefined
    const open = !password && !identified.has(section.name)
    if (!open && section.name !== 'anonymous') return []
    const message = `endpoint ${section.name} takes calls from strangers`
    return [fault('rendered.open', section, message)]
  })
}
