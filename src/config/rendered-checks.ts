import type { Finding } from '../model/finding.js'
import { readConf } from './conf-reader.js'
import type { GeneratedFile } from './deployment.js'
import { checkDialplan } from './dialplan-checks.js'
import { fault } from './fault.js'
import { checkPjsip } from './pjsip-checks.js'
import { readPjsip } from './pjsip-files.js'

/** Asterisk skips a line of more than 8,190 bytes (L11); ours stay far from that. */
const LINE_BYTES = 1000

/** Directives of ours: the files of pjsip.conf and the operator's own additions. */
const OUR_DIRECTIVE =
  /^#include "pjsip_(?:transports|trunks)\.conf"$|^#tryinclude "\.\.\/custom\/[a-z_]+_custom\.conf"$/

/**
 * Reads the rendered files as Asterisk will and reports what it would refuse, or
 * silently misread; nothing when they are fine. A template mistake is caught here
 * like any other, before a running system sees it.
 */
export function checkRendered(files: readonly GeneratedFile[]): readonly Finding[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]))
  const conf = (name: string) => readConf(name, (file) => texts.get(file))
  const pjsip = readPjsip(files)
  const dialplan = conf('extensions.conf')
  const others = files.filter(readAlone).map(({ name }) => conf(name))
  const contexts = new Set(dialplan.sections.map(({ name }) => name))
  return [
    ...files.flatMap(checkText),
    ...[pjsip, dialplan, ...others].flatMap(({ problems }) => checkReading(problems)),
    ...checkPjsip(pjsip, contexts),
    ...checkDialplan(dialplan, entryContexts(pjsip.sections)),
  ]
}

/** Those of PJSIP are read together, and the dialplan is read anyway. */
function readAlone({ name }: GeneratedFile): boolean {
  return name.endsWith('.conf') && !name.startsWith('pjsip') && name !== 'extensions.conf'
}

function checkReading(problems: ReturnType<typeof readConf>['problems']): Finding[] {
  return problems.map((problem) => fault('rendered.unreadable', problem, problem.message))
}

function checkText({ name, text }: GeneratedFile): Finding[] {
  if (!name.endsWith('.conf')) return []
  const found: Finding[] = []
  for (const [index, line] of text.split('\n').entries()) {
    // Most lines are short, with nothing but an option in them.
    if (3 * line.length <= LINE_BYTES && !line.startsWith('#') && !line.includes(';'))
      continue
    found.push(...checkLine(name, line, index + 1))
  }
  return found
}

function checkLine(name: string, line: string, number: number): Finding[] {
  const found: Finding[] = []
  const say = (code: string, message: string) => {
    found.push(fault(code, { file: name, line: number }, message))
  }
  const bytes = Buffer.byteLength(line)
  if (bytes > LINE_BYTES)
    say('rendered.longLine', `${bytes} bytes, at most ${LINE_BYTES}`)
  if (line.startsWith('#') && !OUR_DIRECTIVE.test(line)) {
    say('rendered.directive', `${JSON.stringify(line)} is none of our includes`)
  }
  if (line.includes(';--') || line.includes('--;')) {
    say('rendered.blockComment', 'a block comment would swallow what follows')
  }
  return found
}

/** Where calls come in: the contexts of the endpoints. */
function entryContexts(sections: ReturnType<typeof readConf>['sections']): Set<string> {
  const contexts = new Set<string>()
  for (const { template, entries } of sections) {
    if (template) continue
    for (const { name, value } of entries) if (name === 'context') contexts.add(value)
  }
  return contexts
}
