import type { Watcher } from './ari/watcher.js'
import type { CallRecorder } from './call-recorder.js'
import type { EventStreams } from './http/event-streams.js'
import type { Metrics } from './http/metrics.js'

/** All who watch the loop, in the order in which they see what it does. */
export function watchers(parts: {
  readonly metrics: Metrics
  readonly streams: EventStreams
  readonly recorder: CallRecorder
  readonly onBeat: (() => void) | undefined
}): Watcher {
  const { metrics, streams, recorder, onBeat } = parts
  return {
    stepped: (stepped) => {
      metrics.stepped(stepped)
      streams.stepped(stepped)
      recorder.stepped(stepped)
    },
    received: (bytes) => metrics.received(bytes),
    requested: (...request) => {
      // Answered or not: the loop has gone round.
      if (request[0] === 'heartbeat') onBeat?.()
      metrics.requested(...request)
    },
  }
}
