import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { principalOf } from '../http/access.js'
import type { Routes } from '../http/openapi.js'
import type { Settled } from '../http/settings-changes.js'
import type { Finding } from '../model/finding.js'
import { refusals } from '../model/refusal.js'
import { type SettingsChange, SettingsPatch } from '../model/settings.js'
import { StoreUnavailable } from '../store/database.js'
import { bulkReport, type Outcome } from './bulk-report.js'
import { showCalls } from './calls-page.js'
import { chosenOthers } from './chosen-lines.js'
import { findingTexts } from './finding-text.js'
import { type Fields, field, forwardsWanted } from './forward-form.js'
import { LineParams, lineOf } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { type Visit, visitOf } from './visit.js'

const AnyForm = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** Each form of the page, and the change that it asks for. */
const FORMS: Readonly<Record<string, (fields: Fields) => object>> = {
  forwarding: forwardsWanted,
  services: (fields) => ({
    doNotDisturb: isTicked(fields, 'doNotDisturb'),
    absent: isTicked(fields, 'absent'),
    rejectAnonymous: isTicked(fields, 'rejectAnonymous'),
    hideNumber: isTicked(fields, 'hideNumber'),
  }),
  presentation: (fields) => ({ shownNumber: field(fields, 'shownNumber') || null }),
  filters: (fields) => ({
    filters: {
      incoming: listWanted(fields, 'incoming'),
      outgoing: listWanted(fields, 'outgoing'),
    },
  }),
  lock: (fields) => {
    const pin = field(fields, 'pin')
    return { lock: { active: isTicked(fields, 'lock'), ...(pin !== '' && { pin }) } }
  },
  intercom: (fields) => ({
    intercom: isTicked(fields, 'intercom'),
    callWaiting: { beep: field(fields, 'beep') },
  }),
}

/** `POST /lines/{number}/forwarding` and the like: for the line, and for others ticked. */
export function settingsForms(pages: Routes, options: PortalOptions): void {
  const schema = { params: LineParams, body: AnyForm }
  for (const [name, wanted] of Object.entries(FORMS)) {
    pages.post(`/lines/:number/${name}`, { schema }, async (request, reply) => {
      const line = lineOf(options, request.params.number)
      const { body: fields } = request
      const read = readChange(wanted(fields))
      if (read.kind === 'refused') {
        return refusedPage(request, reply, options, read.findings)
      }
      const others = chosenOthers(request, options, fields['also'])
      if (others.length > 0) {
        const lines = [line.number, ...others]
        const outcomes = await changeAll(request, options, lines, read.change)
        const { t } = visitOf(request)
        const back = { back: `${line.number}/calls`, backText: t.tabCalls }
        return bulkReport(request, reply, { outcomes, when: t.effectiveNow, ...back })
      }
      const by = byOf(request)
      const settled = await options.settings.change(line.number, read.change, by)
      if (settled.kind === 'refused') {
        return refusedPage(request, reply, options, settled.findings)
      }
      return reply.redirect(`/lines/${line.number}/calls?done=${wordOf(settled)}`, 303)
    })
  }
}

/** A list with nothing in it and nothing to do is none. */
function listWanted(fields: Fields, direction: string): object | null {
  const mode = field(fields, `${direction}.mode`)
  const entries = field(fields, `${direction}.entries`)
    .split(/[\n,;]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  return mode === 'none' && entries.length === 0 ? null : { mode, entries }
}

function isTicked(fields: Fields, name: string): boolean {
  return field(fields, name) !== ''
}

/** As the API reads it, so that both have the same rules. */
function readChange(
  document: object,
):
  | { readonly kind: 'read'; readonly change: SettingsChange }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] } {
  const read = SettingsPatch.safeParse(document)
  if (read.success) return { kind: 'read', change: read.data }
  return { kind: 'refused', findings: refusals(SettingsPatch, document, read.error) }
}

async function changeAll(
  request: FastifyRequest,
  { settings }: PortalOptions,
  lines: readonly string[],
  change: SettingsChange,
): Promise<Outcome[]> {
  const visit = visitOf(request)
  const outcomes: Outcome[] = []
  for (const line of lines) {
    const settled = await settings
      .change(line, change, byOf(request))
      .catch((error: unknown) => {
        if (error instanceof StoreUnavailable) return 'failed' as const
        throw error
      })
    outcomes.push({ line, reasons: reasonsOf(settled, visit) })
  }
  return outcomes
}

function reasonsOf(settled: Settled | 'failed', { t, language }: Visit): string[] {
  if (settled === 'failed') return [t.storeAway]
  return settled.kind === 'refused' ? findingTexts(settled.findings, t, language) : []
}

function refusedPage(
  request: FastifyRequest,
  reply: FastifyReply,
  options: PortalOptions,
  findings: readonly Finding[],
): Promise<FastifyReply> {
  const { t, language } = visitOf(request)
  const errors = findingTexts(findings, t, language)
  return showCalls(request, reply.code(422), options, { errors })
}

function wordOf(settled: Settled): string {
  if (settled.kind === 'refused' || settled.keys.length === 0) return 'unchanged'
  return settled.applied ? 'saved' : 'kept'
}

function byOf(request: FastifyRequest) {
  return { door: 'portal', who: principalOf(request).name } as const
}
