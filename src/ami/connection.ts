import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import Manager from 'asterisk-manager'
import type { Secret } from '../model/secret.js'
import { AmiError, type AmiErrorKind } from './ami-error.js'
import { awaitGreeting } from './greeting.js'
import { assertSafe, type Fields, type Message, textOf } from './message.js'

export interface AmiAddress {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: Secret
}

/** Rows of a list action, up to and without its `…Complete` event. */
type Rows = Message[]

interface Pending {
  readonly name: string
  readonly collects: boolean
  readonly rows: Rows
  readonly done: (rows: Rows) => void
  readonly fail: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/**
 * One logged-in connection, from its login to its end; it never comes back.
 *
 * The library forgets actions that were under way when the connection ended,
 * queues silently what is sent while there is none, and keeps half a line for the
 * next connection: hence a new library object per connection, and own accounts of
 * what is pending.
 */
export class Connection {
  readonly #manager: Manager
  readonly #socket: Socket
  readonly #timeoutMs: number
  readonly #pending = new Map<string, Pending>()
  #open = true
  #serial = 0

  private constructor(
    manager: Manager,
    socket: Socket,
    timeoutMs: number,
    onEnd: () => void,
  ) {
    this.#manager = manager
    this.#socket = socket
    this.#timeoutMs = timeoutMs
    manager.on('close', () => {
      this.#end()
      onEnd()
    })
    manager.on('managerevent', (event) => this.#onEvent(event))
  }

  /** Connects and logs in, without events; `onEnd` is called once the connection ends. */
  static async open(
    address: AmiAddress,
    timeoutMs: number,
    onEnd: () => void,
  ): Promise<Connection> {
    const { host, port, username, password } = address
    assertSafe({ Username: username, Secret: password.reveal() })
    await awaitGreeting(host, port, timeoutMs)
    const manager = new Manager(undefined, host, username, password.reveal(), false)
    const socket = await logIn(manager, address, timeoutMs)
    const connection = new Connection(manager, socket, timeoutMs, onEnd)
    // The library's own switch for this is misspelt on the wire and does nothing.
    await connection.send({ Action: 'Events', EventMask: 'off' })
    return connection
  }

  get open(): boolean {
    return this.#open
  }

  /** One action, one answer. */
  async send(fields: Fields, timeoutMs = this.#timeoutMs): Promise<Message> {
    const [answer] = await this.#request(fields, false, timeoutMs)
    if (!answer) throw new Error(`ami: ${fields['Action']} was answered with nothing`)
    return answer
  }

  /** One action, answered by a list. */
  list(fields: Fields, timeoutMs = this.#timeoutMs): Promise<readonly Message[]> {
    return this.#request(fields, true, timeoutMs)
  }

  close(): void {
    this.#socket.destroy()
    this.#end()
  }

  #request(fields: Fields, collects: boolean, timeoutMs: number): Promise<Rows> {
    assertSafe(fields)
    const name = fields['Action'] ?? ''
    if (!this.#open) {
      return Promise.reject(new AmiError('disconnected', `${name}: not connected`))
    }
    this.#serial += 1
    const id = `lk-${this.#serial}`
    return new Promise((done, fail) => {
      const onAnswer = (refusal: Message | undefined, answer: Message) => {
        this.#onAnswer(id, refusal, answer)
      }
      const timer = setTimeout(() => {
        this.#manager.removeListener(id, onAnswer)
        this.#settle(id)?.fail(
          new AmiError('timeout', `${name}: no answer in ${timeoutMs / 1000} s`),
        )
      }, timeoutMs)
      this.#pending.set(id, { name, collects, rows: [], done, fail, timer })
      this.#manager.action({ ...fields, actionid: id }, onAnswer)
    })
  }

  #onAnswer(id: string, refusal: Message | undefined, answer: Message): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    if (refusal) {
      const said = textOf(refusal, 'message')
      const kind = said === 'Permission denied' ? 'forbidden' : 'refused'
      this.#settle(id)?.fail(new AmiError(kind, `${pending.name}: ${said}`))
    } else if (!pending.collects) {
      this.#settle(id)?.done([answer])
    }
  }

  #onEvent(event: Message): void {
    const id = textOf(event, 'actionid')
    const pending = this.#pending.get(id)
    if (!pending?.collects) return
    if (textOf(event, 'eventlist') === 'Complete') this.#settle(id)?.done(pending.rows)
    else pending.rows.push(event)
  }

  #settle(id: string): Pending | undefined {
    const pending = this.#pending.get(id)
    if (pending) clearTimeout(pending.timer)
    this.#pending.delete(id)
    return pending
  }

  #end(): void {
    this.#open = false
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#settle(id)
      pending?.fail(
        new AmiError('disconnected', `${pending.name}: the connection ended first`),
      )
    }
  }
}

function logIn(
  manager: Manager,
  address: AmiAddress,
  timeoutMs: number,
): Promise<Socket> {
  const { host, port } = address
  const place = `AMI at ${host}:${port}`
  return new Promise((resolve, reject) => {
    const fail = (kind: AmiErrorKind, what: string) => {
      clearTimeout(timer)
      socket.destroy()
      // Once resolved this changes nothing.
      reject(new AmiError(kind, `${place}: ${what}`))
    }
    const timer = setTimeout(fail, timeoutMs, 'unreachable', 'no answer to the login')
    manager.on('error', (error) => fail('unreachable', error.message))
    manager.on('close', () => fail('unreachable', 'closed during the login'))
    const socket = socketMadeBy(() => {
      manager.connect(port, host, () => {
        manager.login((refusal) => {
          if (refusal) return fail(...refusedLogin(refusal))
          clearTimeout(timer)
          resolve(socket)
        })
      })
    })
  })
}

/** A wrong password and a forbidden address sound alike; only this one differs. */
function refusedLogin(refusal: Message): [AmiErrorKind, string] {
  const said = textOf(refusal, 'message')
  return [said === 'Login Already In Use' ? 'inUse' : 'wrongPassword', said]
}

/**
 * The library keeps its socket to itself and can only end it politely, which a
 * frozen peer never answers: the process would not end. Node tells of every socket
 * while it is made.
 */
function socketMadeBy(connect: () => void): Socket {
  let made: Socket | undefined
  const onSocket = (message: unknown) => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return
    if (message.socket instanceof Socket) made = message.socket
  }
  subscribe('net.client.socket', onSocket)
  try {
    connect()
  } finally {
    unsubscribe('net.client.socket', onSocket)
  }
  if (!made) throw new Error('ami: the library made no socket')
  return made
}
