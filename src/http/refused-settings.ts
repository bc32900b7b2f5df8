import { z } from 'zod'
import type { Finding } from '../model/finding.js'
import { refusals } from '../model/refusal.js'
import { type SettingsChange, SettingsPatch } from '../model/settings.js'
import { Problem } from './problem.js'

/** A reason, at its place in the body (RFC 6901). */
export const ReasonView = z.object({
  pointer: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
})
export type ReasonView = z.infer<typeof ReasonView>

/** Reads a change of settings; throws a Problem with every reason at once. */
export function readChange(body: unknown, below = ''): SettingsChange {
  const read = SettingsPatch.safeParse(body)
  if (read.success) return read.data
  throw refused(refusals(SettingsPatch, body, read.error), below)
}

/** The settings are not accepted, and nothing is changed (row H08). */
export function refused(findings: readonly Finding[], below = ''): Problem {
  return new Problem(422, 'settings-invalid', 'the settings are refused', {
    errors: reasonsOf(findings, below),
  })
}

export function reasonsOf(findings: readonly Finding[], below = ''): ReasonView[] {
  return findings.map(({ path, code, message, remedy }) => ({
    pointer: below + path.map((step) => `/${escaped(String(step))}`).join(''),
    code,
    // A finding begins with its place, which the whole body has no name for.
    message: path.length === 0 ? `the body${message}` : message,
    remedy,
  }))
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
