import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Ami, connectAmi } from '../../../src/ami/ami.js'
import { Secret } from '../../../src/model/secret.js'

/** What a healthy Asterisk never does; the rest is tried on a real one. */
const GREETING = 'Asterisk Call Manager/11.0.0\r\n'
const TIMEOUT_MS = 100

const opened: { server: Server; sockets: Set<Socket> }[] = []
let ami: Ami | undefined

afterEach(() => {
  ami?.close()
  ami = undefined
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
})

/** A server that does as it likes with each connection. */
async function serverThat(behaves: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    behaves(socket)
  }).listen(0, '127.0.0.1')
  opened.push({ server, sockets })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Greets, lets us in, and answers every further action by `answer`. */
function serverThatAnswers(answer: (id: string, action: string) => string | undefined) {
  return serverThat((socket) => {
    socket.write(GREETING)
    socket.on('data', (bytes: Buffer) => {
      const text = bytes.toString()
      const id = /^ActionID: (.*)\r$/m.exec(text)?.[1] ?? ''
      const action = /^Action: (.*)\r$/m.exec(text)?.[1]?.toLowerCase() ?? ''
      const easy = action === 'login' || action === 'events'
      const said = easy ? 'Response: Success\r\n' : answer(id, action)
      if (said === undefined) socket.destroy()
      else if (said !== '') socket.write(`${said}ActionID: ${id}\r\n\r\n`)
    })
  })
}

async function connectTo(port: number): Promise<Ami> {
  ami = await connectAmi({
    host: '127.0.0.1',
    port,
    username: 'linekeeper',
    password: new Secret('none'),
    timeoutMs: TIMEOUT_MS,
    reconnect: false,
  })
  return ami
}

describe('E17 connectAmi', () => {
  it.each<[string, (socket: Socket) => void, string]>([
    ['a web server', (s) => s.write('HTTP/1.1 400 Bad Request\r\n\r\n<html>'), 'notAmi'],
    ['one that hangs up', (s) => s.end(), 'notAmi'],
    ['one that says nothing', () => {}, 'unreachable'],
    ['half a greeting', (s) => s.write('Asterisk Call M'), 'unreachable'],
    ['a greeting and no more', (s) => s.write(GREETING), 'unreachable'],
  ])('gives up in time on %s', async (_name, behaves, kind) => {
    const port = await serverThat(behaves)
    const start = Date.now()
    await expect(connectTo(port)).rejects.toMatchObject({ name: 'AmiError', kind })
    expect(Date.now() - start).toBeLessThan(5 * TIMEOUT_MS)
  })
})

describe('E17 a request', () => {
  it.each<[string, (id: string) => string | undefined, string]>([
    ['an error', () => 'Response: Error\r\nMessage: No\r\n', 'refused'],
    [
      'a refused right',
      () => 'Response: Error\r\nMessage: Permission denied\r\n',
      'forbidden',
    ],
    ['nothing', () => '', 'timeout'],
    [
      'an answer to somebody else',
      () => 'Response: Success\r\nActionID: x\r\n',
      'timeout',
    ],
    ['half an answer', () => 'Response: Succ', 'timeout'],
    ['the end of the connection', () => undefined, 'disconnected'],
  ])('that is answered by %s fails in time', async (_name, answer, kind) => {
    const connection = await connectTo(await serverThatAnswers(answer))
    const asked = connection.send({ Action: 'Ping' })
    await expect(asked).rejects.toMatchObject({ name: 'AmiError', kind })
  })

  it('takes a value of a megabyte', async () => {
    const long = 'x'.repeat(1_000_000)
    const port = await serverThatAnswers(() => `Response: Success\r\nValue: ${long}\r\n`)
    const connection = await connectTo(port)
    const answer = await connection.send({ Action: 'Getvar' }, 5_000)
    expect(answer['value']).toBe(long)
  })

  it('takes the last row of a list as its end, whatever is between', async () => {
    const port = await serverThatAnswers((id) => {
      const row = `Event: Row\r\nActionID: ${id}\r\nN: 1\r\n\r\n`
      const foreign = 'Event: Row\r\nActionID: other\r\nN: 2\r\n\r\n'
      const start = `Response: Success\r\nActionID: ${id}\r\nEventList: start\r\n\r\n`
      return `${start}${row}${foreign}Event: Done\r\nEventList: Complete\r\n`
    })
    const connection = await connectTo(port)
    const rows = await connection.list({ Action: 'Rows' })
    expect(rows.map((row) => row['n'])).toEqual(['1'])
  })

  it('is refused before it is sent when a value has a line end', async () => {
    const sent: string[] = []
    const port = await serverThatAnswers((_id, action) => {
      sent.push(action)
      return 'Response: Success\r\n'
    })
    const connection = await connectTo(port)
    for (const Value of ['a\r\nAction: Logoff', 'a\nb', 'a\rb', 'a\0b']) {
      await expect(connection.send({ Action: 'Setvar', Value })).rejects.toThrow(
        /line end/,
      )
    }
    expect(sent).toEqual([])
  })
})
