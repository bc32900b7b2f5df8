import type { Directory } from '../../src/call/directory.js'
import type { Question } from '../../src/call/event.js'
import type { Channel } from './channel.js'

type Channels = ReadonlyMap<string, Channel>

/** The line that the degraded path rings, with the limits kept by GROUP() alone. */
export function lineWithoutUs(
  channels: Channels,
  channel: Channel,
  question: Question,
  { lines }: Directory,
): string | undefined {
  if (question.kind === 'outcome') return undefined
  const called = lines.get(question.dialled)
  const own = channel.line === undefined ? 0 : inUse(channels, channel.line) - 1
  const limit = lines.get(channel.line ?? '')?.calls ?? 99
  if (!called || own >= limit) return undefined
  return inUse(channels, called.number) < called.calls ? called.number : undefined
}

/** Whether the groups have a free call slot of a line. */
export function isFree(channels: Channels, line: string, { lines }: Directory): boolean {
  return inUse(channels, line) < (lines.get(line)?.calls ?? 99)
}

/** Calls that were let in to a line, be it only in the groups. */
export function letIn(channels: Channels, line: string): number {
  const ringsOrTalks = (channel: Channel): boolean =>
    channel.line === line && channel.letIn
  return [...channels.values()].filter(
    (channel) => channel.takes === line || ringsOrTalks(channel),
  ).length
}

function inUse(channels: Channels, line: string): number {
  const held = [...channels.values()].filter(
    (channel) =>
      channel.line === line || channel.transferor === line || channel.takes === line,
  )
  return held.length
}
