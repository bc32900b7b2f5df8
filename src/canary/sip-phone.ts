import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Address } from '../model/address.js'
import type { Secret } from '../model/secret.js'
import { authorization } from './digest.js'
import {
  headerOf,
  methodOf,
  parseSip,
  type SipMessage,
  sipText,
  statusOf,
  valuesOf,
} from './sip-message.js'

/** A call that was tried: its final answer, and how to end it if it was taken. */
export interface Tried {
  readonly status: number
  hangUp(): Promise<void>
}

/** A call under way: its final answer comes, or it is given up. */
export interface Trying {
  readonly answer: Promise<Tried>
  cancel(): Promise<void>
}

type Answer = (message: SipMessage) => void

const ANSWERS_WITHIN_MS = 8_000
const AGAIN_AFTER_MS = 500

/**
 * A telephone without sound, over UDP: enough to register, to call and to be called.
 * It rings, and takes the call when `takes` says so.
 */
export class SipPhone {
  readonly #line: string
  readonly #password: Secret
  readonly #server: Address
  readonly #socket: Socket = createSocket('udp4')
  readonly #waiting = new Map<string, Answer>()
  readonly #rung = new Set<string>()
  #sequence = 0
  takes = true

  constructor(line: string, password: Secret, server: Address) {
    this.#line = line
    this.#password = password
    this.#server = server
  }

  async open(): Promise<void> {
    this.#socket.connect(this.#server.port, this.#server.host)
    await once(this.#socket, 'connect')
    this.#socket.on('message', (bytes) =>
      this.#received(parseSip(bytes.toString('utf8'))),
    )
    // The server may be away: then nothing answers, and that is what is told.
    this.#socket.on('error', () => undefined)
  }

  close(): void {
    this.#socket.close()
  }

  /** How many calls have come so far. */
  get rung(): number {
    return this.#rung.size
  }

  /** 0 seconds end a registration. Returns the final status. */
  async register(seconds: number): Promise<number> {
    const uri = `sip:${this.#server.host}`
    const dialog = this.#newDialog(`sip:${this.#line}@${this.#server.host}`)
    const contact = `<sip:${this.#line}@${this.#own}>;expires=${seconds}`
    const answer = await this.#asked('REGISTER', uri, dialog, [['Contact', contact]], '')
    return statusOf(answer) ?? 0
  }

  /** Calls a number; what comes of it is in `answer`. */
  call(number: string): Trying {
    const uri = `sip:${number}@${this.#server.host}:${this.#server.port}`
    const dialog = this.#newDialog(uri)
    const contact = ['Contact', `<sip:${this.#line}@${this.#own}>`] as const
    const answer = this.#asked('INVITE', uri, dialog, [contact, SDP], this.#offer()).then(
      (final) => {
        const status = statusOf(final) ?? 0
        const target = /<([^>]+)>/.exec(headerOf(final, 'Contact'))?.[1] ?? uri
        const there = { ...dialog, to: headerOf(final, 'To') }
        if (status === 200) this.#send(this.#request('ACK', target, there, []))
        return {
          status,
          hangUp: async () => {
            if (status === 200) await this.#asked('BYE', target, there, [], '')
          },
        }
      },
    )
    // Given up, it fails with 487; nobody else waits for it.
    answer.catch(() => undefined)
    const cancel = async (): Promise<void> => {
      this.#send(this.#request('CANCEL', uri, dialog, [], '', dialog.branch.at(-1)))
      await answer.catch(() => undefined)
    }
    return { answer, cancel }
  }

  get #own(): string {
    const { address, port } = this.#socket.address()
    return `${address}:${port}`
  }

  #newDialog(to: string): Dialog {
    const from = `<sip:${this.#line}@${this.#server.host}>;tag=${token()}`
    return { callId: `${token()}@canary`, from, to: `<${to}>`, branch: [] }
  }

  /** One request to its final answer, with the password when it is asked for. */
  async #asked(
    method: string,
    uri: string,
    dialog: Dialog,
    headers: SipMessage['headers'],
    body: string,
  ): Promise<SipMessage> {
    const first = await this.#exchanged(this.#request(method, uri, dialog, headers, body))
    const challenges = valuesOf(first, 'WWW-Authenticate')
    if (statusOf(first) !== 401 || challenges.length === 0) return first
    const [challenge = ''] = challenges
    const login = { user: this.#line, password: this.#password, method, uri }
    const proof = ['Authorization', authorization(challenge, login)] as const
    return this.#exchanged(this.#request(method, uri, dialog, [...headers, proof], body))
  }

  #request(
    method: string,
    uri: string,
    { callId, from, to, branch }: Dialog,
    headers: SipMessage['headers'],
    body = '',
    again?: string,
  ): SipMessage {
    const id = again ?? `z9hG4bK${token()}`
    if (method === 'INVITE') branch.push(id)
    if (method !== 'ACK' && method !== 'CANCEL') this.#sequence += 1
    return {
      start: `${method} ${uri} SIP/2.0`,
      headers: [
        ['Via', `SIP/2.0/UDP ${this.#own};rport;branch=${id}`],
        ['Max-Forwards', '70'],
        ['From', from],
        ['To', to],
        ['Call-ID', callId],
        ['CSeq', `${this.#sequence} ${method}`],
        ['User-Agent', 'linekeeper verify'],
        ...headers,
      ],
      body,
    }
  }

  /** Sends until somebody answers; a refused INVITE is acknowledged (RFC 3261 §17.1.1.3). */
  #exchanged(request: SipMessage): Promise<SipMessage> {
    const key = transactionOf(request)
    return new Promise((resolve, reject) => {
      const again = setInterval(() => this.#send(request), AGAIN_AFTER_MS)
      const tooLong = setTimeout(() => {
        end()
        reject(new Error(`${request.start.split(' ')[0]}: no answer from Asterisk`))
      }, ANSWERS_WITHIN_MS)
      const end = (): void => {
        clearInterval(again)
        clearTimeout(tooLong)
        this.#waiting.delete(key)
      }
      this.#waiting.set(key, (answer) => {
        clearInterval(again)
        const status = statusOf(answer) ?? 0
        if (status < 200) return
        end()
        if (methodOf(request) === 'INVITE' && status >= 300)
          this.#send(acknowledging(request, answer))
        resolve(answer)
      })
      this.#send(request)
    })
  }

  #received(message: SipMessage): void {
    if (statusOf(message) !== undefined) {
      this.#waiting.get(transactionOf(message))?.(message)
      return
    }
    switch (methodOf(message)) {
      case 'INVITE':
        this.#rings(message)
        break
      case 'ACK':
        break
      default:
        this.#answer(message, '200 OK')
    }
  }

  #rings(invite: SipMessage): void {
    const call = headerOf(invite, 'Call-ID')
    if (this.#rung.has(call)) return
    this.#rung.add(call)
    this.#answer(invite, '180 Ringing')
    if (this.takes) this.#answer(invite, '200 OK', this.#offer())
  }

  #answer(request: SipMessage, status: string, body = ''): void {
    const kept = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
      valuesOf(request, name).map((value) => [name, value] as const),
    )
    const headers = kept.map(([name, value]) => {
      const tagged = name === 'To' && !value.includes(';tag=')
      return tagged ? ([name, `${value};tag=canary`] as const) : ([name, value] as const)
    })
    const contact = ['Contact', `<sip:${this.#line}@${this.#own}>`] as const
    const type = body === '' ? [] : [SDP]
    this.#send({
      start: `SIP/2.0 ${status}`,
      headers: [...headers, contact, ...type],
      body,
    })
  }

  /** PCMA, at a port where nobody listens: no sound is needed to know that a call is up. */
  #offer(): string {
    const { address } = this.#socket.address()
    const lines = [
      ...['v=0', `o=- 1 1 IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0'],
      ...['m=audio 9 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', 'a=sendrecv'],
    ]
    return `${lines.join('\r\n')}\r\n`
  }

  #send(message: SipMessage): void {
    this.#socket.send(sipText(message), () => undefined)
  }
}

interface Dialog {
  readonly callId: string
  readonly from: string
  readonly to: string
  /** Of its INVITEs: a CANCEL has that of the last. */
  readonly branch: string[]
}

const SDP = ['Content-Type', 'application/sdp'] as const

function token(): string {
  return randomBytes(8).toString('hex')
}

function transactionOf(message: SipMessage): string {
  const branch = /branch=([^;,\s]+)/.exec(headerOf(message, 'Via'))?.[1] ?? ''
  return `${branch} ${headerOf(message, 'CSeq').split(' ')[1] ?? ''}`
}

function acknowledging(invite: SipMessage, answer: SipMessage): SipMessage {
  const headers = invite.headers
    .filter(([name]) => ['Via', 'Max-Forwards', 'From', 'Call-ID', 'CSeq'].includes(name))
    .map(([name, value]) => [name, value.replace(/^(\d+) INVITE$/, '$1 ACK')] as const)
  const to = ['To', headerOf(answer, 'To')] as const
  return {
    start: invite.start.replace(/^INVITE/, 'ACK'),
    headers: [...headers, to],
    body: '',
  }
}
