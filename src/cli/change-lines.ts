import { z } from 'zod'
import { apiClient } from './api-client.js'
import { EXIT } from './exit.js'
import type { Body } from './setting-words.js'

const Settled = z.object({
  number: z.string(),
  changed: z.array(z.string()),
  applied: z.boolean(),
})
const Outcomes = z.object({
  outcomes: z.array(
    z.object({
      line: z.string(),
      outcome: z.string(),
      applied: z.boolean(),
      errors: z.array(z.object({ message: z.string(), remedy: z.string() })),
    }),
  ),
})

interface Where {
  readonly dir: string
  readonly json?: true
}

/** Sends one change to one line or to several, and says what became of it. */
export async function changeLines(
  numbers: readonly string[],
  settings: Body,
  where: Where,
): Promise<void> {
  const [number = ''] = numbers
  if (numbers.length === 1) await changeOne(number, settings, where)
  else await changeSeveral(numbers, settings, where)
}

async function changeOne(number: string, settings: Body, where: Where): Promise<void> {
  const client = await apiClient(where.dir)
  const path = `/api/v1/lines/${encodeURIComponent(number)}/settings`
  const body = await client.send('PATCH', path, settings)
  const { number: line, changed, applied } = Settled.parse(body)
  if (where.json) console.log(JSON.stringify(body, undefined, 2))
  else
    console.log(`${line}  ${changed.length > 0 ? changed.join(', ') : 'was so already'}`)
  if (!applied) warnLater()
}

async function changeSeveral(
  lines: readonly string[],
  settings: Body,
  { dir, json }: Where,
): Promise<void> {
  const client = await apiClient(dir)
  const body = await client.send('POST', '/api/v1/lines/settings', { lines, settings })
  const { outcomes } = Outcomes.parse(body)
  if (json) console.log(JSON.stringify(body, undefined, 2))
  else for (const { line, outcome } of outcomes) console.log(`${line}  ${outcome}`)
  for (const { line, errors } of outcomes) {
    for (const { message, remedy } of errors) {
      process.stderr.write(`${line}  ${message}. ${remedy}\n`)
    }
  }
  const kinds = outcomes.map(({ outcome }) => outcome)
  if (kinds.includes('failed') || kinds.includes('unknown'))
    process.exitCode = EXIT.failed
  if (kinds.includes('refused')) process.exitCode = EXIT.policy
  const later = outcomes.some(({ outcome, applied }) => outcome === 'changed' && !applied)
  if (later) warnLater()
}

function warnLater(): void {
  process.stderr.write('kept; Asterisk does not answer and gets it as soon as it does\n')
}
