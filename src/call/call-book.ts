import type { CallDetail, DetailLeg } from '../model/call-detail.js'
import { dialledOnRecord } from '../model/on-record.js'
import { destinationOf } from './destination.js'
import { dialledDetail, wordOf } from './dialled-detail.js'
import type { Directory } from './directory.js'
import type { CallRecord, Note } from './effect.js'
import type { Event } from './event.js'
import { Floods, isTooFast } from './floods.js'
import type { Stepped } from './happening.js'
import type { State } from './state.js'

type Decided = Extract<Note, { kind: 'decided' }>
type Ended = Extract<Note, { kind: 'ended' }>

/**
 * Follows the loop and writes one record per call, from the calling leg's first event to
 * its last. Emergency calls ask nothing, so they are known by their leg alone. What a
 * record says of the past is never changed afterwards but by its own end.
 *
 * Calls that ended or went on while nobody listened are Asterisk's own book's business.
 */
export class CallBook {
  /** Calls that go on, by the calling leg. */
  readonly #open = new Map<string, CallDetail>()
  readonly #floods = new Floods()

  /** Calls that a controller before us left open. */
  resume(open: readonly CallDetail[]): void {
    for (const detail of open) this.#open.set(detail.leg, detail)
  }

  /** The records that a step has begun, changed or ended, at the instant `now`. */
  follow(stepped: Stepped, directory: Directory, now: number): CallDetail[] {
    const changed = new Map<string, CallDetail>()
    const keep = (detail: CallDetail): void => {
      if (detail.endedAt === null) {
        changed.set(detail.id, detail)
        this.#open.set(detail.leg, detail)
        return
      }
      if (this.#open.get(detail.leg)?.id === detail.id) this.#open.delete(detail.leg)
      const record = this.#floods.counted(detail, now)
      changed.set(record.id, record)
    }
    const writing = { directory, now, keep, changed }
    for (const note of stepped.notes) {
      if (note.kind === 'ended') this.#ended(note, now, keep)
    }
    for (const note of stepped.notes) {
      if (note.kind === 'decided') this.#decided(note, stepped.after, writing)
    }
    this.#told(stepped, writing)
    return [...changed.values()]
  }

  /** Records of floods that are full; each is told once. */
  floodsOver(now: number): CallDetail[] {
    return this.#floods.over(now)
  }

  #ended(
    { call, cause, endedAt }: Ended,
    now: number,
    keep: (detail: CallDetail) => void,
  ): void {
    const open = this.#open.get(call.leg)
    if (!open) return
    const wall = (at: number): number => Math.round(now - (endedAt - at))
    const answeredAt =
      call.answeredAt === undefined ? open.answeredAt : wall(call.answeredAt)
    keep({ ...open, steps: call.steps, answeredAt, endedAt: now, cause })
  }

  #decided({ leg, question, answer }: Decided, { calls }: State, at: Writing): void {
    const call = calls.get(leg)
    if (!call) return
    const { directory, now, keep } = at
    const ended = [...at.changed.values()].find((detail) => detail.leg === leg)
    const open = this.#open.get(leg) ?? ended
    if (question === 'transfer' && open && open.endedAt === null)
      keep({ ...open, endedAt: now, cause: NORMAL })
    const begun =
      open && question !== 'transfer' ? open : beginning(call, question, at, open)
    const forwards = call.forwards.map((forward) => ({
      ...forward,
      destination: wordOf(destinationOf(forward.to, directory)),
    }))
    const rung: DetailLeg[] =
      answer.kind === 'trunk' ? [{ leg: '', endpoint: answer.trunk, startedAt: now }] : []
    const decided = {
      ...{ ...begun, forwards, steps: call.steps },
      legs: [...begun.legs, ...rung],
    }
    if (isTooFast(call.steps)) this.#open.set(leg, decided)
    else keep(decided)
  }

  #told({ event, before, after }: Stepped, at: Writing): void {
    switch (event.kind) {
      case 'created':
        if (event.direction === 'out') this.#dials(event, at)
        else this.#rings(event, after, at)
        break
      case 'answered':
      case 'transferred':
        this.#answered(event.leg, after, at)
        break
      case 'gone':
        this.#gone(event, before, at)
        break
      case 'snapshot':
        this.#swept(event.channels, after, at)
        break
      default:
    }
  }

  #dials({ leg, line, dialled }: Extract<Event, { kind: 'created' }>, at: Writing): void {
    if (this.#open.has(leg)) return
    const call = { leg, from: line, to: dialledOnRecord(dialled) }
    const begun = beginning(call, 'departure', at, undefined)
    // Others are written once they are decided: most of a flood never is.
    if (begun.destination === 'emergency') at.keep(begun)
    else this.#open.set(leg, begun)
  }

  #rings(
    { leg, line }: Extract<Event, { kind: 'created' }>,
    after: State,
    { now, keep }: Writing,
  ): void {
    const calling = this.#callOf(leg, after)
    if (!calling || calling.legs.some((rung) => rung.leg === leg)) return
    const rung = { leg, endpoint: line, startedAt: now }
    keep({ ...calling, legs: [...calling.legs, rung] })
  }

  #answered(leg: string, after: State, { now, keep }: Writing): void {
    const call = this.#callOf(leg, after)
    if (!call) return
    const legs = call.legs.map((rung) =>
      rung.leg === leg ? { ...rung, answeredAt: now } : rung,
    )
    keep({ ...call, legs, answeredAt: call.answeredAt ?? now })
  }

  #gone(
    { leg, cause }: Extract<Event, { kind: 'gone' }>,
    before: State,
    { now, keep }: Writing,
  ): void {
    const call = this.#callOf(leg, before)
    if (!call) return
    if (call.leg === leg) {
      keep({ ...call, endedAt: now, cause })
      return
    }
    const legs = call.legs.map((rung) =>
      rung.leg === leg ? { ...rung, endedAt: now } : rung,
    )
    keep({ ...call, legs })
  }

  /** Calls whose end was not heard of: Asterisk's own book knows better when it was. */
  #swept(channels: readonly string[], after: State, { now, keep }: Writing): void {
    const live = new Set(channels)
    for (const detail of this.#open.values()) {
      const { leg } = detail
      const known = after.calls.has(leg) || after.ledger.holdings.has(`leg ${leg}`)
      if (!live.has(leg) && !known) keep({ ...detail, endedAt: now, cause: null })
    }
  }

  /** The call that a leg makes, or for which it is rung. */
  #callOf(leg: string, { ledger }: State): CallDetail | undefined {
    const by = ledger.holdings.get(`leg ${leg}`)?.by
    return this.#open.get(by ?? leg)
  }
}

/** What a record is written with. */
interface Writing {
  readonly directory: Directory
  readonly now: number
  readonly keep: (detail: CallDetail) => void
  /** By id, what the step has written so far. */
  readonly changed: ReadonlyMap<string, CallDetail>
}

/** Q.850 */
const NORMAL = 16

function beginning(
  { leg, from, to }: Pick<CallRecord, 'leg' | 'from' | 'to'>,
  question: Decided['question'],
  { directory, now }: Writing,
  former: CallDetail | undefined,
): CallDetail {
  const nth = Number(former?.id.split('/')[1] ?? (former ? 1 : 0)) + 1
  return {
    id: nth === 1 ? leg : `${leg}/${nth}`,
    leg,
    from: from === '' ? null : from,
    to,
    ...dialledDetail(question, from, to, directory),
    legs: [],
    forwards: [],
    steps: [],
    startedAt: now,
    answeredAt: null,
    endedAt: null,
    cause: null,
    source: 'controller',
  }
}
