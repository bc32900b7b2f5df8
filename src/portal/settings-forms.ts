import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
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
import { FORMS } from './form-changes.js'
import { LineParams, lineOf } from './line-frame.js'
import type { PortalOptions } from './portal-options.js'
import { byOf, type Visit, visitOf } from './visit.js'
import { showVoicemail } from './voicemail-page.js'

const AnyForm = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

/** The page on which a form stands: where a refusal is shown. */
const SHOWS = { calls: showCalls, voicemail: showVoicemail } as const

/** `POST /lines/{number}/forwarding` and the like: for the line, and for others ticked. */
export function settingsForms(pages: Routes, options: PortalOptions): void {
  const schema = { params: LineParams, body: AnyForm }
  for (const [name, { tab, wanted }] of Object.entries(FORMS)) {
    pages.post(`/lines/:number/${name}`, { schema }, async (request, reply) => {
      const line = lineOf(options, request.params.number)
      const { body: fields } = request
      const read = readChange(wanted(fields))
      const refuse = (findings: readonly Finding[]) => {
        const { t, language } = visitOf(request)
        const errors = findingTexts(findings, t, language)
        return SHOWS[tab](request, reply.code(422), options, { errors })
      }
      if (read.kind === 'refused') return refuse(read.findings)
      const others = chosenOthers(request, options, fields['also'])
      if (others.length > 0) {
        const lines = [line.number, ...others]
        const outcomes = await changeAll(request, options, lines, read.change)
        const { t } = visitOf(request)
        const backText = tab === 'calls' ? t.tabCalls : t.tabVoicemail
        const back = { back: `${line.number}/${tab}`, backText }
        return bulkReport(request, reply, { outcomes, when: t.effectiveNow, ...back })
      }
      const by = byOf(request)
      const settled = await options.settings.change(line.number, read.change, by)
      if (settled.kind === 'refused') return refuse(settled.findings)
      return reply.redirect(`/lines/${line.number}/${tab}?done=${wordOf(settled)}`, 303)
    })
  }
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

function wordOf(settled: Settled): string {
  if (settled.kind === 'refused' || settled.keys.length === 0) return 'unchanged'
  return settled.applied ? 'saved' : 'kept'
}
