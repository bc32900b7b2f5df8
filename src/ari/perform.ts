import type { Effect } from '../call/effect.js'
import { beepId } from './beep-id.js'
import { APPLICATION } from './connect.js'
import type { Ari } from './connection.js'
import { placeOf } from './dialplan.js'

/** What became of a `continue`. */
export type Performed =
  | 'done'
  /**
   * The leg hung up, or its dead-man timer took it out of Stasis, while our
   * answer was on its way (404, 409): an ordinary result.
   */
  | 'legGone'

/** The one answer to a question. Throws AriTimeout, or an Error on a refusal that is a bug. */
export async function answer(
  ari: Ari,
  { leg, answer: said, contested }: Extract<Effect, { kind: 'continue' }>,
): Promise<Performed> {
  const { context, extension } = placeOf(said, contested)
  const query = new URLSearchParams({ context, extension, priority: '1' })
  const { status, body } = await ari.request('POST', `channels/${leg}/continue?${query}`)
  if (status === 204) return 'done'
  if (status === 404 || status === 409) return 'legGone'
  throw new Error(`ARI continue to ${context},${extension}: ${status} ${body}`)
}

/** Sends a leg on without an answer: the dialplan takes its degraded path. */
export async function giveBack(ari: Ari, leg: string): Promise<void> {
  const { status, body } = await ari.request('POST', `channels/${leg}/continue`)
  if (status !== 204 && status !== 404 && status !== 409) {
    throw new Error(`ARI continue: ${status} ${body}`)
  }
}

/** The lease that the dialplan checks before each question (M1 of reliability.md). */
export async function beat(ari: Ari, epochSeconds: number): Promise<void> {
  const query = new URLSearchParams({ variable: 'LK_HB', value: String(epochSeconds) })
  await ari.request('POST', `asterisk/variable?${query}`)
}

/**
 * A tone in the ear of one leg: a snoop that whispers outwards and hears nothing
 * (asterisk-facts §5). The tone repeats by itself as `indications.conf` says.
 */
export async function startBeep(ari: Ari, leg: string, toneZone: string): Promise<void> {
  const id = beepId(leg)
  const snoop = new URLSearchParams({ app: APPLICATION, spy: 'none', whisper: 'out' })
  const { status } = await ari.request('POST', `channels/${leg}/snoop/${id}?${snoop}`)
  // 404: the leg is gone. 409: the beep is there already.
  if (status !== 200) return
  const media = `tone:callwaiting;tonezone=${toneZone}`
  await ari.request('POST', `channels/${id}/play?${new URLSearchParams({ media })}`)
}

/** Ends a beep; one that ended with its leg is an ordinary 404. */
export async function stopBeep(ari: Ari, leg: string): Promise<void> {
  await ari.request('DELETE', `channels/${beepId(leg)}`)
}
