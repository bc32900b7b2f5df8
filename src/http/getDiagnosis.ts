import { z } from 'zod'
import type { Check, Diagnosis, Facts } from '../call/diagnose.js'
import { named } from './api-schemas.js'
import type { Controller } from './controller.js'
import type { Routes } from './openapi.js'
import { lineUnknown, problems } from './problem.js'

/** Why a phone does not ring. */
export interface Diagnoses {
  /** By canonical number; `dialled`: what the phone dialled in vain. */
  diagnose(number: string, dialled?: string): Promise<Diagnosis | undefined>
}

const CheckView = z.object({
  check: z.string().meta({ description: 'A stable word: registered, doNotDisturb …' }),
  state: z.enum(['reminder', 'passed', 'warned', 'stopped', 'unknown']).meta({
    description:
      'stopped: for this no call rings; warned: for this some do not; unknown: Asterisk ' +
      'does not answer',
  }),
  facts: z.looseObject({}),
})

const DiagnosisView = named(
  'Diagnosis',
  'Why the phone of a line does not ring: the checks in their order',
  z.object({
    line: z.string(),
    checks: z.array(CheckView),
    verdict: z.string().nullable().meta({
      description: 'The first check that explains it; null: the phone would ring',
    }),
  }),
)
type DiagnosisView = z.infer<typeof DiagnosisView>

const Params = z.object({
  number: z.string().meta({ description: 'The number of the line, in any spelling' }),
})
const Asked = z.object({
  dialled: z
    .string()
    .regex(/^[+*#0-9 .]{1,40}$/)
    .exactOptional()
    .meta({ description: 'What the phone dialled in vain, such as a short number' }),
})

/** `GET /api/v1/lines/{number}/diagnosis`. */
export function diagnosisRoute(
  routes: Routes,
  diagnoses: Diagnoses,
  controller: Pick<Controller, 'canonical'>,
): void {
  const schema = {
    summary: 'Why the phone of a line does not ring: ordered checks, first cause',
    params: Params,
    querystring: Asked,
    response: { 200: DiagnosisView, ...problems(401, 404, 422) },
  }
  routes.get('/lines/:number/diagnosis', { schema }, async ({ params, query }) => {
    const line = controller.canonical(params.number)
    const found = line && (await diagnoses.diagnose(line, query.dialled))
    if (!found) throw lineUnknown()
    return viewOf(found)
  })
}

function viewOf({ line, checks, verdict }: Diagnosis): DiagnosisView {
  return { line, checks: checks.map(checkView), verdict }
}

function checkView({ check, state, facts }: Check) {
  return { check, state, facts: factsView(facts) }
}

/** Instants as everywhere in the API. */
function factsView({ contact, lastSeen, failures, ...facts }: Facts) {
  const at = (ms: number): string => new Date(ms).toISOString()
  return {
    ...facts,
    ...(contact && {
      contact: {
        address: contact.address,
        userAgent: contact.userAgent,
        expiresAt: contact.expiresAtMs === undefined ? null : at(contact.expiresAtMs),
        roundTripMs: contact.roundTripMs ?? null,
      },
    }),
    ...(lastSeen && { lastSeen: { address: lastSeen.address, at: at(lastSeen.atMs) } }),
    ...(failures && {
      failures: failures.map(({ address, atMs }) => ({ address, at: at(atMs) })),
    }),
  }
}
