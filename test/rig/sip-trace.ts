/** One SIP message of a trace, as text. */
export type SipMessage = {
  /** `INVITE sip:…` or `SIP/2.0 486 Busy Here`. */
  firstLine: string
  text: string
  /** `sent` by the phone, or `received`. */
  way: 'sent' | 'received'
}

const start = /^(?:UDP|TCP|TLS) (\S+) -> (\S+)$/

/** The messages in what `baresip -s` prints, oldest first. */
export function sipMessages(trace: string, address: string): SipMessage[] {
  const messages: SipMessage[] = []
  let open: SipMessage | undefined
  for (const line of trace.replaceAll('\r', '').split('\n')) {
    const begin = start.exec(line)
    if (begin) {
      const sent = begin[1]?.startsWith(`${address}:`)
      open = { firstLine: '', text: '', way: sent ? 'sent' : 'received' }
      messages.push(open)
    } else if (line.startsWith('\u001b[;m')) {
      open = undefined
    } else if (open) {
      open.firstLine ||= line
      open.text += `${line}\n`
    }
  }
  return messages
}

/** The values of a header, by its full name; empty when it is not there. */
export function headerValues(message: SipMessage, name: string): string[] {
  const wanted = `${name.toLowerCase()}:`
  const head = message.text.split('\n\n')[0] ?? ''
  return head
    .split('\n')
    .filter((line) => line.toLowerCase().startsWith(wanted))
    .map((line) => line.slice(wanted.length).trim())
}

/**
 * The address that stands for the far end of a call and replaces that call: RFC 3891
 * names the tags from the far end's side.
 */
export function replacesTarget(
  messages: SipMessage[],
  call: { id: string; peer: string },
): string {
  const answer = messages.findLast(
    ({ firstLine, text }) =>
      firstLine === 'SIP/2.0 200 OK' &&
      text.includes(call.id) &&
      /^CSeq: \d+ INVITE$/m.test(text),
  )
  if (!answer) throw new Error(`replacesTarget: call ${call.id} was never answered`)
  const tag = (header: string): string =>
    /;tag=([^;]+)/.exec(headerValues(answer, header)[0] ?? '')?.[1] ?? ''
  const [far, near] =
    answer.way === 'received' ? [tag('To'), tag('From')] : [tag('From'), tag('To')]
  const callId = headerValues(answer, 'Call-ID')[0] ?? ''
  const replaces = `${callId};to-tag=${far};from-tag=${near}`
  return `${call.peer.split(';')[0]}?Replaces=${encodeURIComponent(replaces)}`
}
