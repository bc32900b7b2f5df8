import type Manager from 'asterisk-manager'

/** One message of Asterisk: an answer or an event. */
export type Message = Manager.Message

/** What is sent: names of AMI headers and their values. */
export type Fields = Readonly<Record<string, string>>

/** The one value of a header, as text. A missing header is the empty text. */
export function textOf(message: Message, header: string): string {
  const value = message[header]
  if (typeof value === 'string') return value
  // A header sent twice arrives as a list; the first is what Asterisk meant.
  return Array.isArray(value) ? String(value[0]) : ''
}

/**
 * An AMI message is lines ended by CR LF and the client sends values raw: a value
 * with a line end would become further headers, or another action.
 */
export function assertSafe(fields: Fields): void {
  for (const [header, value] of Object.entries(fields)) {
    if (BREAKS_OUT.test(header) || BREAKS_OUT.test(value)) {
      throw new Error(`ami: line end in the value of ${JSON.stringify(header)}`)
    }
  }
}

const BREAKS_OUT = /[\r\n\0]/
