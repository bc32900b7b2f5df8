import { z } from 'zod'
import { isLikeCode } from '../call/coding.js'
import type { LiveLeg } from '../call/event.js'

/** Of a channel, only what we read: Asterisk may add fields as it likes. */
export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: z.object({ number: z.string() }),
  dialplan: z.object({
    context: z.string(),
    exten: z.string(),
    app_name: z.string().optional(),
    app_data: z.string().optional(),
  }),
})
export type Channel = z.infer<typeof Channel>

/**
 * The endpoint of a SIP channel: `PJSIP/0033972100001-00000007`. Local, Snoop
 * and Announcer channels are Asterisk's own and no leg of anybody.
 */
export function endpointOf(name: string): string | undefined {
  return /^PJSIP\/(.+)-[0-9a-f]{8}$/.exec(name)?.[1]
}

/** Lines are named by their digits, trunks by a word. */
export function legOf(channel: Channel): LiveLeg | undefined {
  const line = endpointOf(channel.name)
  if (line === undefined || !isLine(line)) return undefined
  const answered = channel.state === 'Up'
  const direction = directionOf(channel)
  const { context, exten } = channel.dialplan
  // On its way to the answer, or hearing it (templates/extensions/answers.conf.hbs).
  const code = direction === 'out' && (context === 'code' || isLikeCode(exten))
  return { leg: channel.id, line, direction, answered, ...(code && { code }) }
}

export function isLine(endpoint: string): boolean {
  return /^\d+$/.test(endpoint)
}

/**
 * What a leg dials: `PJSIP/0033972100001,60,i`, `PJSIP/0033972100001/sip:127.0.0.9,60,i`
 * (a line at its contact) or `PJSIP/+33612345678@carrier,180,i`.
 */
export function dialOf({
  app_name,
  app_data = '',
}: Pick<Channel['dialplan'], 'app_name' | 'app_data'>):
  | { readonly number: string; readonly endpoint: string }
  | undefined {
  if (app_name !== 'Dial') return undefined
  const [device = ''] = app_data.replace(/^PJSIP\//, '').split(/[,/]/)
  const [number = '', endpoint = number] = device.split('@')
  return { number, endpoint }
}

/**
 * A phone's own INVITE makes a channel in state Ring; a leg that we dial begins
 * Down. Once up, only a channel that we dialled has no place in the dialplan.
 */
function directionOf({ state, dialplan }: Channel): 'in' | 'out' {
  if (state === 'Ring') return 'out'
  if (state === 'Down' || state === 'Ringing') return 'in'
  return dialplan.app_name === 'AppDial' ? 'in' : 'out'
}
