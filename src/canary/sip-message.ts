/** A SIP message (RFC 3261), as far as a telephone that only tries lines needs it. */
export interface SipMessage {
  /** `INVITE sip:… SIP/2.0` or `SIP/2.0 200 OK`. */
  readonly start: string
  /** In order, names as they were written. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

export function parseSip(text: string): SipMessage {
  const end = text.indexOf('\r\n\r\n')
  const head = end === -1 ? text : text.slice(0, end)
  const [start = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const
  })
  return { start, headers, body: end === -1 ? '' : text.slice(end + 4) }
}

export function sipText({ start, headers, body }: SipMessage): string {
  const length = ['Content-Length', String(Buffer.byteLength(body))] as const
  const lines = [...headers, length].map(([name, value]) => `${name}: ${value}`)
  return `${[start, ...lines].join('\r\n')}\r\n\r\n${body}`
}

/** Every value of a header; the one-letter form counts too (RFC 3261 §7.3.3). */
export function valuesOf({ headers }: SipMessage, name: string): string[] {
  const wanted = [name.toLowerCase(), SHORT[name.toLowerCase()]]
  return headers.flatMap(([key, value]) =>
    wanted.includes(key.toLowerCase()) ? [value] : [],
  )
}

export function headerOf(message: SipMessage, name: string): string {
  return valuesOf(message, name)[0] ?? ''
}

const SHORT: Readonly<Record<string, string>> = {
  ...{ via: 'v', from: 'f', to: 't', contact: 'm' },
  ...{ 'call-id': 'i', 'content-type': 'c', 'content-length': 'l' },
}

/** The status of an answer; undefined for a request. */
export function statusOf({ start }: SipMessage): number | undefined {
  const [, code] = /^SIP\/2\.0 (\d{3})/.exec(start) ?? []
  return code === undefined ? undefined : Number(code)
}

/** The method of a request, or of the request that is answered. */
export function methodOf(message: SipMessage): string {
  const [, method = ''] = /^([A-Z]+) /.exec(message.start) ?? []
  return method || (headerOf(message, 'CSeq').split(' ')[1] ?? '')
}
