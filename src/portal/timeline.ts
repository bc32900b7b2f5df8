import type { CallDetail } from '../model/call-detail.js'
import type { Format } from './format.js'
import type { Texts } from './texts.js'

/** One party of a call over time: ringing first, then talking. Instants in milliseconds. */
interface Lane {
  readonly name: string
  readonly startedAt: number
  readonly answeredAt: number | undefined
  readonly endedAt: number
}

const WIDTH = 720
const LEFT = 190
const LANE_HEIGHT = 48
const TOP = 28
/** Half the width of the last label. */
const RIGHT = 24
/** A shorter call is drawn as long as this: the labels are whole seconds. */
const SHORTEST_MS = 4_000

/** The lanes of a call, drawn to scale, and the same as a list of what happened when. */
export function timelineView(call: CallDetail, nowMs: number, t: Texts, format: Format) {
  const lanes = lanesOf(call, nowMs, t, format)
  const end = Math.max(
    ...lanes.map(({ endedAt }) => endedAt),
    call.startedAt + SHORTEST_MS,
  )
  const x = (ms: number): number => {
    const share = (ms - call.startedAt) / (end - call.startedAt)
    return Math.round(LEFT + Math.min(1, Math.max(0, share)) * (WIDTH - LEFT - RIGHT))
  }
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const ms = call.startedAt + share * (end - call.startedAt)
    return { x: x(ms), label: format.duration((ms - call.startedAt) / 1000) }
  })
  return {
    height: TOP + lanes.length * LANE_HEIGHT + 8,
    bottom: TOP + lanes.length * LANE_HEIGHT,
    ticks,
    lanes: lanes.map((lane, index) => laneView(lane, TOP + index * LANE_HEIGHT, x)),
    events: eventsOf(call, lanes, t, format),
  }
}

function lanesOf(call: CallDetail, nowMs: number, t: Texts, format: Format): Lane[] {
  const last = call.endedAt ?? nowMs
  const caller: Lane = {
    name: call.from === null ? t.anonymous : format.number(call.from),
    startedAt: call.startedAt,
    answeredAt: call.answeredAt ?? undefined,
    endedAt: last,
  }
  const rung = call.legs.map(({ endpoint, startedAt, answeredAt, endedAt }) => ({
    name: format.number(endpoint),
    startedAt,
    answeredAt,
    endedAt: endedAt ?? last,
  }))
  return [caller, ...rung]
}

function laneView(lane: Lane, y: number, x: (ms: number) => number) {
  const { name, startedAt, answeredAt, endedAt } = lane
  const split = x(answeredAt ?? endedAt)
  return {
    name,
    textY: y + 24,
    barY: y + 6,
    ringX: x(startedAt),
    ringWidth: Math.max(2, split - x(startedAt)),
    talkX: split,
    talkWidth: Math.max(0, x(endedAt) - split),
    hasTalk: answeredAt !== undefined,
  }
}

function eventsOf(call: CallDetail, lanes: readonly Lane[], t: Texts, format: Format) {
  const [caller, ...rung] = lanes
  const all: [number, string][] = [
    [call.startedAt, `${caller?.name ?? ''} ${t.dials} ${format.number(call.to)}`],
    ...call.forwards.map(({ by, to }): [number, string] => [
      call.startedAt,
      `${format.number(by)} ${t.forwardsTo} ${format.number(to)}`,
    ]),
    ...rung.flatMap(({ name, startedAt, answeredAt }): [number, string][] => [
      [startedAt, `${name} : ${t.ringing}`],
      ...(answeredAt === undefined
        ? []
        : [[answeredAt, `${name} : ${t.answers}`] satisfies [number, string]]),
    ]),
    ...(call.endedAt === null
      ? []
      : [
          [call.endedAt, `${t.ended} (Q.850 ${call.cause ?? '?'})`] satisfies [
            number,
            string,
          ],
        ]),
  ]
  return all
    .sort(([a], [b]) => a - b)
    .map(([at, what]) => ({ at: format.clock(at), what }))
}
