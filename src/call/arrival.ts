import type { Announcement } from '../model/announcement.js'
import type { Line } from '../model/line.js'
import { MAX_RING_SECONDS } from '../model/ring.js'
import type { Answer } from './answer.js'
import { unguarded } from './call-back.js'
import type { Cause } from './cause.js'
import { type Decided, firstOf, type Step } from './decided.js'
import { diversionOf, forward } from './forward.js'
import { mayCallIn } from './lists.js'
import { hides, type Routing } from './routing.js'

interface Asked {
  readonly line: Line
  readonly routing: Routing
}

/** Asked in this order; the first step that answers decides (spec D3). */
const STEPS: readonly Step<Asked>[] = [
  // Barring comes before diversion (3GPP TS 24.611).
  ['incomingList', onIncomingList],
  ['anonymousRejected', onAnonymous],
  ['absent', onAbsent],
  ['doNotDisturb', onDoNotDisturb],
  ['cfu', onCfu],
  // A line without contact cannot be in a call: a stale channel must not hide it (D2).
  ['notReachable', onNotReachable],
  ['noFreeCallSlot', onNoFreeCallSlot],
  ['ring', onRing],
]

/** A call reaches a line: from a carrier, from another line, or by a forward. */
export function arrive(line: Line, routing: Routing): Decided {
  const asked = routing.calledEmergency(line.number) ? unguarded(line) : line
  return firstOf(STEPS, { line: asked, routing }, line.number)
}

function onIncomingList({ line, routing }: Asked): Answer | undefined {
  return mayCallIn(line, routing) ? undefined : { kind: 'refuse', cause: 'callRejected' }
}

function onAnonymous({ line, routing }: Asked): Answer | undefined {
  if (!line.rejectAnonymous || !hides(routing)) return undefined
  return announce(line, 'anonymousRejected', 'callRejected')
}

function onAbsent({ line }: Asked): Answer | undefined {
  if (!line.absent) return undefined
  return announce(line, 'absent', 'subscriberAbsent')
}

function onDoNotDisturb({ line }: Asked): Answer | undefined {
  if (!line.doNotDisturb) return undefined
  return announce(line, 'doNotDisturb', 'subscriberAbsent')
}

/** The called line speaks, so in its language, whoever calls. */
function announce(
  { language }: Line,
  announcement: Announcement,
  cause: Cause,
): Extract<Answer, { kind: 'announce' }> {
  return { kind: 'announce', announcement, cause, language }
}

function onCfu({ line, routing }: Asked): Decided | undefined {
  const { unconditional } = line.forwarding
  return unconditional && forward(line, 'cfu', unconditional.to, routing)
}

function onNotReachable({ line, routing }: Asked): Answer | Decided | undefined {
  if (routing.reachable(line.number)) return undefined
  const { unreachable } = line.forwarding
  if (unreachable) return forward(line, 'cfnl', unreachable.to, routing)
  return { kind: 'refuse', cause: 'subscriberAbsent' }
}

/** Network-determined busy: every call slot is in use (spec D2). */
function onNoFreeCallSlot({ line, routing }: Asked): Answer | Decided | undefined {
  if (routing.inUse(line.number) < line.calls) return undefined
  const { busy } = line.forwarding
  if (busy) return forward(line, 'cfb', busy.to, routing)
  return { kind: 'refuse', cause: 'userBusy' }
}

function onRing({ line, routing }: Asked): Answer {
  return {
    kind: 'ring',
    line: line.number,
    seconds: line.forwarding.noAnswer?.after ?? MAX_RING_SECONDS,
    waiting: routing.inUse(line.number) > 0,
    // Of a carrier's caller too: the dialplan remembers it across a restart of ours.
    ...(hides(routing) && { hidden: true }),
    ...diversionOf(routing),
  }
}
