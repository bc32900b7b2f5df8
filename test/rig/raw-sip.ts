import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { authorization } from '../../src/canary/digest.js'
import {
  headerOf,
  methodOf,
  parseSip,
  type SipMessage,
  sipText,
  statusOf,
  valuesOf,
} from '../../src/canary/sip-message.js'
import { Secret } from '../../src/model/secret.js'
import { until } from './until.js'

export type Header = SipMessage['headers'][number]

/** A request as a test wants it: what is left out is as it should be. */
export interface Wanted {
  readonly method: string
  readonly uri: string
  /** The number in From and Contact. */
  readonly line: string
  readonly from?: string
  readonly to?: string
  readonly callId?: string
  readonly cseq?: number
  readonly branch?: string
  /** `undefined` leaves the header out. */
  readonly maxForwards?: string | undefined
  readonly headers?: readonly Header[]
  readonly body?: string
}

/** Who answers a challenge. */
export interface Login {
  readonly user: string
  readonly password: string
}

/** A dialog that was made: what a further request in it must carry. */
export interface Dialog {
  readonly target: string
  readonly from: string
  readonly to: string
  readonly callId: string
  readonly cseq: number
  readonly answer: SipMessage
}

/**
 * A peer on UDP that sends what it is told, right or wrong, and keeps what comes. It
 * answers nothing by itself but what acknowledges: a test would else wait for the
 * repetitions of RFC 3261 §17.
 *
 *     const peer = await RawSip.open('127.0.3.60', '127.0.3.1')
 *     const answer = await peer.asked(peer.request({ method: 'INVITE', uri, line }), login)
 *     expect(statusOf(answer)).toBe(404)
 */
export class RawSip {
  readonly #socket: Socket
  readonly #server: string
  readonly address: string
  /** Everything that came, oldest first. */
  readonly heard: SipMessage[] = []
  /** What is done with an INVITE, instead of refusing it. */
  onInvite: (invite: SipMessage) => void = (invite) =>
    this.answer(invite, '488 Not Acceptable Here')

  private constructor(socket: Socket, address: string, server: string) {
    this.#socket = socket
    this.address = address
    this.#server = server
    socket.on('message', (bytes) => {
      const message = parseSip(bytes.toString())
      this.heard.push(message)
      if (statusOf(message) === undefined) this.#answerRequest(message)
    })
  }

  static async open(address: string, server: string, port = 5060): Promise<RawSip> {
    const socket = createSocket('udp4')
    socket.bind(port, address)
    await once(socket, 'listening')
    return new RawSip(socket, address, server)
  }

  close(): void {
    this.#socket.close()
  }

  get contact(): string {
    return `${this.address}:${this.#socket.address().port}`
  }

  /** `sip:USER@SERVER` */
  uri(user: string): string {
    return `sip:${user}@${this.#server}`
  }

  send(message: SipMessage | string | Buffer): void {
    const bytes =
      typeof message === 'string' || Buffer.isBuffer(message) ? message : sipText(message)
    this.#socket.send(bytes, 5060, this.#server)
  }

  request(wanted: Wanted): SipMessage {
    const { method, uri, line, body = '' } = wanted
    const forwards = 'maxForwards' in wanted ? wanted.maxForwards : '70'
    return {
      start: `${method} ${uri} SIP/2.0`,
      headers: [
        ['Via', `SIP/2.0/UDP ${this.contact};rport;branch=${wanted.branch ?? branch()}`],
        ...(forwards === undefined ? [] : [['Max-Forwards', forwards] as const]),
        ['From', wanted.from ?? `<${this.uri(line)}>;tag=${token()}`],
        ['To', wanted.to ?? `<${uri}>`],
        ['Call-ID', wanted.callId ?? token()],
        ['CSeq', `${wanted.cseq ?? 1} ${method}`],
        ['Contact', `<sip:${line}@${this.contact}>`],
        ...(wanted.headers ?? []),
        ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
      ],
      body,
    }
  }

  /** An INVITE with an offer of PCMA. */
  invite(wanted: Omit<Wanted, 'method'>): SipMessage {
    return this.request({ body: this.offer(), ...wanted, method: 'INVITE' })
  }

  /** PCMA, at a port where nobody listens. */
  offer(media: readonly string[] = AUDIO, address = this.address): string {
    const head = ['v=0', `o=- 1 1 IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`]
    return `${[...head, 't=0 0', ...media].join('\r\n')}\r\n`
  }

  /** What has come back to a request so far, provisional answers too. */
  answersTo(request: SipMessage): SipMessage[] {
    const wanted = transactionOf(request)
    return this.heard.filter(
      (message) => statusOf(message) !== undefined && transactionOf(message) === wanted,
    )
  }

  /** Sends once, and waits for the final answer; a refused INVITE is acknowledged. */
  exchange(request: SipMessage, limitSeconds = 5): Promise<SipMessage> {
    this.send(request)
    return this.final(request, limitSeconds)
  }

  async final(request: SipMessage, limitSeconds = 5): Promise<SipMessage> {
    const answer = await until(
      `${request.start} has its final answer`,
      () => this.answersTo(request).find((each) => (statusOf(each) ?? 0) >= 200),
      { limitSeconds, saw: () => this.heard.slice(-3).map(({ start }) => start) },
    )
    if (methodOf(request) === 'INVITE' && (statusOf(answer) ?? 0) >= 300)
      this.send(acknowledging(request, answer))
    return answer
  }

  /** The same with the password when it is asked for; returns what was sent last, too. */
  async begun(request: SipMessage, login: Login): Promise<SipMessage> {
    const answer = await this.exchange(request)
    if (statusOf(answer) !== 401)
      throw new Error(`${request.start} was not challenged: ${answer.start}`)
    const proved = withProof(request, answer, login)
    this.send(proved)
    return proved
  }

  async asked(
    request: SipMessage,
    login: Login,
    limitSeconds?: number,
  ): Promise<SipMessage> {
    return this.final(await this.begun(request, login), limitSeconds)
  }

  /** A call that is answered, and acknowledged. */
  async called(wanted: Omit<Wanted, 'method'>, login: Login): Promise<Dialog> {
    const invite = await this.begun(this.invite(wanted), login)
    const dialog = dialogOf(invite, await this.final(invite))
    this.send(this.within(dialog, 'ACK', { cseq: dialog.cseq }))
    return dialog
  }

  /** A further request in a dialog. */
  within(dialog: Dialog, method: string, wanted: Partial<Wanted> = {}): SipMessage {
    const { target: uri, from, to, callId, cseq } = dialog
    const line = /sip:([^@]+)@/.exec(from)?.[1] ?? ''
    const next = { uri, from, to, callId, line, cseq: cseq + 1 }
    return this.request({ ...next, ...wanted, method })
  }

  /** An answer to a request, with our Contact; a call is taken by one with an offer. */
  answer(
    request: SipMessage,
    status: string,
    { headers = [], body = '', tag = 'raw' }: Answered = {},
  ): void {
    const kept = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
      valuesOf(request, name).map((value): Header => {
        const tagged = name === 'To' && !value.includes(';tag=') && !/ 100 /.test(status)
        return [name, tagged ? `${value};tag=${tag}` : value]
      }),
    )
    const own = headers.some(([name]) => name === 'Contact')
      ? []
      : [['Contact', `<sip:${this.contact}>`] as const]
    const type = body === '' ? [] : [['Content-Type', 'application/sdp'] as const]
    this.send({
      start: `SIP/2.0 ${status}`,
      headers: [...kept, ...own, ...headers, ...type],
      body,
    })
  }

  /** BYE, NOTIFY, OPTIONS are taken; a CANCEL ends the call that it cancels. */
  #answerRequest(request: SipMessage): void {
    const method = methodOf(request)
    if (method === 'INVITE') this.onInvite(request)
    else if (method !== 'ACK') this.answer(request, '200 OK')
  }
}

/** What an answer has besides its status. */
export interface Answered {
  readonly headers?: readonly Header[]
  readonly body?: string
  /** Of To: each fork of a call has its own. */
  readonly tag?: string
}

export const AUDIO = ['m=audio 9 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', 'a=sendrecv']

export function token(): string {
  return randomBytes(8).toString('hex')
}

export function branch(): string {
  return `z9hG4bK${token()}`
}

/** The request again, with the answer to a challenge: a new branch, the next number. */
export function withProof(
  request: SipMessage,
  challenged: SipMessage,
  { user, password }: Login,
): SipMessage {
  const [method = '', uri = ''] = request.start.split(' ')
  const challenge = headerOf(challenged, 'WWW-Authenticate')
  const login = { user, password: new Secret(password), method, uri }
  const headers = request.headers.map(([name, value]): Header => {
    if (name === 'Via') return [name, value.replace(/branch=[^;]+/, `branch=${branch()}`)]
    if (name === 'CSeq') return [name, `${Number.parseInt(value, 10) + 1} ${method}`]
    return [name, value]
  })
  const proof = ['Authorization', authorization(challenge, login)] as const
  return { ...request, headers: [...headers, proof] }
}

export function dialogOf(invite: SipMessage, answer: SipMessage): Dialog {
  return {
    target: /<([^>]+)>/.exec(headerOf(answer, 'Contact'))?.[1] ?? '',
    from: headerOf(invite, 'From'),
    to: headerOf(answer, 'To'),
    callId: headerOf(invite, 'Call-ID'),
    cseq: Number.parseInt(headerOf(invite, 'CSeq'), 10),
    answer,
  }
}

/** The same transaction, another method: an ACK of a refusal, a CANCEL (RFC 3261 §9.1). */
export function sameTransaction(invite: SipMessage, method: string): SipMessage {
  const kept = ['Via', 'Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq']
  const headers = invite.headers
    .filter(([name]) => kept.includes(name))
    .map(
      ([name, value]) => [name, value.replace(/^(\d+) INVITE$/, `$1 ${method}`)] as const,
    )
  return { start: invite.start.replace(/^INVITE/, method), headers, body: '' }
}

function acknowledging(invite: SipMessage, answer: SipMessage): SipMessage {
  const ack = sameTransaction(invite, 'ACK')
  const to = ['To', headerOf(answer, 'To')] as const
  return { ...ack, headers: [...ack.headers.filter(([name]) => name !== 'To'), to] }
}

function transactionOf(message: SipMessage): string {
  const id = /branch=([^;,\s]+)/.exec(headerOf(message, 'Via'))?.[1] ?? ''
  return `${id} ${headerOf(message, 'CSeq').split(' ')[1] ?? ''}`
}
