import { z } from 'zod'
import { tableText } from './table.js'

const Shown = z.object({
  number: z.string(),
  settings: z.record(z.string(), z.unknown()),
})

/** The settings of a line, one row each, by the keys that `set` understands. */
export function printSettings(body: unknown): void {
  const { number, settings } = Shown.parse(body)
  for (const line of tableText([number, ''], settingRows(settings))) console.log(line)
}

const Forwards = z.record(
  z.string(),
  z.object({ to: z.unknown(), after: z.number().optional() }).nullable(),
)

/** The four forwards of a line, those that are off with what they led to. */
export function forwardRows(settings: Record<string, unknown>): string[][] {
  const active = Forwards.parse(settings['forwarding'])
  const remembered = Forwards.parse(settings['rememberedForwards'])
  return Object.keys(active).map((kind) => {
    const [now, kept] = [active[kind], remembered[kind]]
    if (now) return [kind, 'on', targetText(now)]
    return [kind, 'off', kept ? targetText(kept) : '']
  })
}

export function printForwards(body: unknown): void {
  const { number, settings } = Shown.parse(body)
  for (const line of tableText([number, '', ''], forwardRows(settings))) console.log(line)
}

/** Each setting by its key. */
export function settingRows(settings: Record<string, unknown>): string[][] {
  const forwards = forwardRows(settings).map(([kind = '', state = '', target = '']) => [
    `forwarding.${kind}`,
    state === 'on' ? target : `off${target && ` (kept: ${target})`}`,
  ])
  const rest = Object.entries(settings).filter(
    ([key]) => key !== 'forwarding' && key !== 'rememberedForwards',
  )
  return [...forwards, ...rest.flatMap(([key, value]) => leaves(key, value))]
}

function leaves(key: string, value: unknown): string[][] {
  if (value === null) return [[key, 'none']]
  if (typeof value === 'boolean') return [[key, value ? 'on' : 'off']]
  if (Array.isArray(value)) return [[key, value.map(itemText).join(',') || 'none']]
  if (typeof value !== 'object') return [[key, String(value)]]
  return Object.entries(value).flatMap(([step, inner]) => leaves(`${key}.${step}`, inner))
}

const Mail = z.object({ to: z.string(), attach: z.boolean() })

/** As `set` takes it. */
function itemText(item: unknown): string {
  const mail = Mail.safeParse(item)
  if (mail.success) return mail.data.attach ? mail.data.to : `${mail.data.to}:notice`
  return typeof item === 'string' ? item : JSON.stringify(item)
}

function targetText({ to, after }: { to: unknown; after?: number | undefined }): string {
  const target =
    typeof to === 'object' && to !== null
      ? Object.entries(to)
          .map(([kind, line]) => `${kind}:${String(line)}`)
          .join('')
      : String(to)
  return after === undefined ? target : `${target} after ${after} s`
}
