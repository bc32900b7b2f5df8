import { z } from 'zod'
import type { Check, CheckState, Facts } from '../call/diagnose.js'
import type { Routes } from '../http/openapi.js'
import { lineUnknown } from '../http/problem.js'
import type { ForwardTargetEntry } from '../model/forwarding.js'
import { checkWords } from './check-text.js'
import { LineParams, lineOf, linePage } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import type { Texts } from './texts.js'
import { type Visit, visitOf } from './visit.js'

const Asked = z.object({
  dialled: z
    .string()
    .max(40)
    .transform((text) => text.replaceAll(/[^+*#0-9]/g, ''))
    .optional(),
})

/** `/lines/{number}/assistance`: why the phone does not ring, first cause first (A14). */
export function assistancePages(pages: Routes, options: PortalOptions): void {
  const schema = { params: LineParams, querystring: Asked }
  pages.get('/lines/:number/assistance', { schema }, async (request, reply) => {
    const line = lineOf(options, request.params.number)
    const dialled = request.query.dialled || undefined
    const diagnosis = await options.diagnoses.diagnose(line.number, dialled)
    if (!diagnosis) throw lineUnknown()
    const visit = visitOf(request)
    const { t } = visit
    const cause = diagnosis.checks.find(({ check }) => check === diagnosis.verdict)
    const isUnknown = diagnosis.checks.some(({ state }) => state === 'unknown')
    const whenNoCause = isUnknown ? t.asteriskAway : t.wouldRing
    const view = {
      checks: diagnosis.checks.map((check) => checkView(check, visit)),
      verdict: cause ? sentence(cause, visit) : whenNoCause,
      isGood: cause === undefined && !isUnknown,
      dialled: dialled ?? '',
    }
    return linePage(request, reply, { line, tab: 'assistance', view })
  })
}

function checkView(check: Check, visit: Visit) {
  return {
    state: check.state,
    mark: markOf(check.state, visit.t),
    text: sentence(check, visit),
  }
}

function markOf(state: CheckState, t: Texts): string {
  switch (state) {
    case 'reminder':
      return t.firstOfAll
    case 'passed':
      return t.passed
    case 'warned':
      return t.warned
    case 'stopped':
      return t.stopped
    case 'unknown':
      return t.unknown
  }
}

function sentence({ check, state, facts }: Check, visit: Visit): string {
  const words = checkWords[visit.language][check]
  const said = state === 'passed' ? words.passed : words.found
  return said(wordsOf(facts, visit))
}

/** Every fact as a text that a person reads. */
function wordsOf(facts: Facts, { format, t }: Visit): Readonly<Record<string, string>> {
  const { contact, lastSeen, to, forwards, failures, inUse, limit, number, step } = facts
  const [failure] = failures ?? []
  const target = (entry: ForwardTargetEntry): string => entryText(entry, t, format)
  return {
    address: contact?.address ?? t.unknown,
    agent: contact?.userAgent ?? '',
    until: contact?.expiresAtMs ? format.clock(contact.expiresAtMs) : t.unknown,
    misregistered: facts.misregistered ?? '',
    lastSeen: lastSeen
      ? `${lastSeen.address}, ${format.instant(lastSeen.atMs)}`
      : t.never,
    to: to === undefined ? '' : target(to),
    forwards: (forwards ?? [])
      .map((each) => `${forwardName(each.forward, t)} ${t.goesTo} ${target(each.to)}`)
      .join(' ; '),
    failure: failure ? `${failure.address}, ${format.instant(failure.atMs)}` : '',
    inUse: String(inUse ?? 0),
    limit: String(limit ?? 0),
    number: number ?? '',
    step: step === 'shortNumberMissing' ? t.missingShortNumber : t.notInService,
  }
}

function forwardName(forward: string, t: Texts): string {
  if (forward === 'busy') return t.busy
  return forward === 'noAnswer' ? t.nodeNoAnswer : t.unreachable
}

function entryText(entry: ForwardTargetEntry, t: Texts, format: Visit['format']): string {
  if (entry === 'voicemail') return t.toVoicemail
  if (entry === 'fax') return t.toFax
  if (typeof entry === 'string') return format.number(entry)
  if ('voicemail' in entry) return `${t.voicemailOf} ${format.number(entry.voicemail)}`
  return `${t.faxOf} ${format.number(entry.fax)}`
}
