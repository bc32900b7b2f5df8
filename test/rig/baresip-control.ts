import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'

/** What baresip tells by itself; only the fields we use. */
export type PhoneEvent = {
  /** CALL_INCOMING, CALL_RINGING, CALL_ESTABLISHED, CALL_CLOSED, REGISTER_OK … */
  type: string
  /** The Call-ID of the call meant. */
  id?: string
  direction?: string
  peeruri?: string
  peerdisplayname?: string
  /** For CALL_CLOSED the reason, for CALL_DTMF_START the digit. */
  param?: string
}

type Answer = { response: true; ok: boolean; data: string; token?: string }

/** The connection to baresip's ctrl_tcp: JSON in netstrings, `<length>:<json>,`. */
export class BaresipControl {
  readonly events: PhoneEvent[] = []
  private readonly socket: Socket
  private readonly waiting = new Map<string, (answer: Answer) => void>()
  private rest = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => this.receive(bytes))
    // The phone is ended by us: what its socket says then is of no interest.
    socket.on('error', () => undefined)
  }

  static async open(host: string, port: number): Promise<BaresipControl> {
    const socket = connect(port, host)
    await once(socket, 'connect')
    return new BaresipControl(socket)
  }

  /** Gives one command of baresip's menu, and returns what it prints. */
  async command(command: string, params = ''): Promise<string> {
    const answer = await this.ask(command, params)
    if (!answer.ok) {
      throw new Error(`baresip refused "${command} ${params}": ${answer.data}`)
    }
    return answer.data
  }

  /** The same for a command that reports failure although it succeeds. */
  ask(command: string, params = ''): Promise<Answer> {
    const token = randomUUID()
    const json = JSON.stringify({ command, params, token })
    const answer = new Promise<Answer>((resolve) => this.waiting.set(token, resolve))
    this.socket.write(`${Buffer.byteLength(json)}:${json},`)
    const limit = AbortSignal.timeout(5000)
    const late = once(limit, 'abort').then(() => {
      throw new Error(`baresip did not answer "${command} ${params}" in 5 s`)
    })
    return Promise.race([answer, late])
  }

  close(): void {
    this.socket.destroy()
  }

  private receive(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes])
    for (;;) {
      const colon = this.rest.indexOf(':')
      if (colon < 0) return
      const end = colon + 1 + Number(this.rest.toString('latin1', 0, colon))
      if (this.rest.length <= end) return
      this.take(JSON.parse(this.rest.toString('utf8', colon + 1, end)))
      this.rest = this.rest.subarray(end + 1)
    }
  }

  private take(message: Answer | (PhoneEvent & { response?: never })): void {
    if (!message.response) {
      this.events.push(message)
      return
    }
    const token = message.token ?? ''
    this.waiting.get(token)?.(message)
    this.waiting.delete(token)
  }
}
