import type { Watcher } from '../ari/watcher.js'
import type { EventStreams } from '../http/event-streams.js'
import type { Metrics } from '../http/metrics.js'
import type { CallRecorder } from './call-recorder.js'
import type { CountKeeper } from './count-keeper.js'
import type { SettingsDesk } from './settings-desk.js'

/** All who watch the loop, in the order in which they see what it does. */
export function watchers(parts: {
  readonly metrics: Metrics
  readonly streams: EventStreams
  readonly recorder: CallRecorder
  /** Keeps what the limits on harm close. */
  readonly settings: () => Pick<SettingsDesk, 'stepped'>
  readonly counts: Pick<CountKeeper, 'stepped'>
  readonly onBeat: (() => void) | undefined
}): Watcher {
  const { metrics, streams, recorder, settings, counts, onBeat } = parts
  return {
    stepped: (stepped) => {
      counts.stepped(stepped)
      metrics.stepped(stepped)
      streams.stepped(stepped)
      recorder.stepped(stepped)
      settings().stepped(stepped)
    },
    received: (bytes) => metrics.received(bytes),
    requested: (...request) => {
      // Answered or not: the loop has gone round.
      if (request[0] === 'heartbeat') onBeat?.()
      metrics.requested(...request)
    },
  }
}
