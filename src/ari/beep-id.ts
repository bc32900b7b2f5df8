const PREFIX = 'beep-'

/** The id of the snoop channel that beeps into a leg: chosen by us, so nobody waits for it. */
export function beepId(leg: string): string {
  return `${PREFIX}${leg}`
}

/** The leg that a channel of ours beeps into; undefined for every other channel. */
export function beepingInto(channel: string): string | undefined {
  return channel.startsWith(PREFIX) ? channel.slice(PREFIX.length) : undefined
}
