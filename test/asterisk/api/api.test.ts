import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Phone, startPhone } from '../../rig/baresip.js'
import { alias, numbers, passwords } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { ask, metric } from './asking.js'
import { type EventClient, listenTo } from './event-client.js'

let system: System
let alice: Phone
let bob: Phone
const clients: EventClient[] = []

beforeAll(async () => {
  system = await startSystem({ lines: { bob: 'calls: 1' } })
  alice = await system.phone('alice')
  bob = await system.phone('bob')
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

async function listen(): Promise<EventClient> {
  const client = await listenTo(system)
  clients.push(client)
  return client
}

function run(...argv: string[]) {
  return system.run(...argv, '--dir', system.state)
}

describe('a call of Alice to Bob, who has one call slot', () => {
  test('is told as it happens, and its slots are counted while it lasts', async () => {
    const client = await listen()
    await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await alice.talking()
    await until('both slots are seen', async () => {
      return (await metric(system, 'linekeeper_call_slots_in_use')) === 2
    })
    await alice.hangup()
    await until('the end is told', () =>
      client.told().find(({ name }) => name === 'callEnded'),
    )

    const told = client.told()
    const [begun] = told.filter(({ name }) => name === 'callBegun')
    expect(begun?.data).toMatchObject({ from: numbers.alice, to: numbers.bob })
    const about = told.filter(({ data }) => data['call'] === begun?.data['call'])
    expect(about.map(({ name }) => name)).toEqual([
      'callBegun',
      'callAnswered',
      'callEnded',
    ])
    expect(about.at(-1)?.data['cause']).toBe(16)
    const slots = told.filter(({ data }) => data['line'] === numbers.bob)
    expect(
      slots.map(({ data }) => [data['inUse'], data['ringing'], data['limit']]),
    ).toEqual([
      [1, 1, 1],
      [1, 0, 1],
      [0, 0, 1],
    ])
    await until('the slots are free', async () => {
      return (await metric(system, 'linekeeper_call_slots_in_use')) === 0
    })
  })

  test('has one id in the events and in the list of calls', async () => {
    const client = await listen()
    await alice.dial(numbers.bob)
    await bob.ringing()
    const begun = await until('it is told', () =>
      client.told().find(({ name }) => name === 'callBegun'),
    )
    const calls = JSON.parse((await ask(system, '/api/v1/calls')).text)
    expect(calls).toMatchObject([{ id: begun.data['call'] }])
  })

  test('is why he would refuse another, says why', async () => {
    await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await alice.talking()
    const why = await run('why', '09 72 10 00 02')
    expect(why).toMatchObject({ exitCode: 0, stderr: '' })
    expect(why.stdout).toMatch(/^0033972100002 bob: registered, 1 of 1 calls in use\n/)
    expect(why.stdout).toMatch(
      /\nincoming +up +0033972100001 +\d+ s +somebody to hang up\n/,
    )
    expect(why.stdout).toContain(
      'would not ring: noFreeCallSlot, every call slot of the line',
    )
    expect(why.stdout).toContain('gets 486 Busy Here (userBusy, Q.850 17)')

    const { stdout } = await run('why', numbers.bob, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      calls: { inUse: 1, holdings: [{ waitsFor: 'hangUp', with: numbers.alice }] },
      arrival: { rings: false, step: 'noFreeCallSlot', heard: { sip: 486 } },
    })
  })

  test('that rings waits for his phone; on hold, for her to take it back', async () => {
    await alice.dial(numbers.bob)
    const call = await bob.ringing()
    expect((await run('why', numbers.bob)).stdout).toContain('the phone to answer')
    expect((await run('why', numbers.alice)).stdout).toContain(
      'the other party to answer',
    )
    await bob.accept(call)
    await alice.hold(await alice.talking())
    await until('the hold is seen', async () =>
      (await run('why', numbers.alice)).stdout.includes(
        'the line to take it back from hold',
      ),
    )
  })

  test('is counted by the step that decided, and a refused one by its cause', async () => {
    const decided = 'linekeeper_calls_decided_total{question="departure",step="ring"}'
    const refused = 'linekeeper_calls_refused_total{cause="unallocatedNumber"}'
    const before = [await metric(system, decided), await metric(system, refused)]
    await alice.dial(numbers.bob)
    await bob.ringing()
    await alice.hangupAll()
    const wrong = await alice.dial('7999')
    expect((await alice.ended(wrong)).reason).toContain('404')
    const after = [await metric(system, decided), await metric(system, refused)]
    expect(after).toEqual(before.map((count) => (count ?? 0) + 1))
    expect(await metric(system, 'linekeeper_asterisk_connected')).toBe(1)
  })

  test('would ring, says why of a free line; and explain of the deployed site agrees', async () => {
    const why = await run('why', numbers.bob)
    expect(why.stdout).toContain('A call arriving now would ring.')
    const explained = await run('explain', '--from', numbers.alice, '--to', '0972100002')
    expect(explained).toMatchObject({ exitCode: 0, stderr: '' })
    expect(explained.stdout).toContain('caller   gets ringing')
  })
})

describe('the commands', () => {
  test.each(['0033999999999', '7001', '3631', alias])(
    'why %s is no line',
    async (number) => {
      const { exitCode, stdout, stderr } = await run('why', number)
      expect([exitCode, stdout]).toEqual([1, ''])
      expect(stderr).toContain('no line has this number')
    },
  )

  test('end with 5 where no controller answers', async () => {
    const nowhere = ['--dir', `${system.dir}/nowhere`]
    expect((await system.run('why', numbers.bob, ...nowhere)).exitCode).toBe(5)
    const explain = ['explain', '--from', numbers.bob, '--to', '15']
    expect((await system.run(...explain, ...nowhere)).exitCode).toBe(5)
  })
})

describe('the API', () => {
  type Operation = { responses: Record<string, { content?: Record<string, unknown> }> }
  type Document = { paths: Record<string, Record<string, Operation>> }

  async function documented(): Promise<
    [method: string, path: string, operation: Operation][]
  > {
    const { text } = await ask(system, '/api/v1/openapi.json')
    const { paths } = JSON.parse(text) as Document
    return Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        const at = path
          .replace('{number}', numbers.alice)
          .replace('{id}', '1')
          .replaceAll(/\{\w+\}/g, 'nobody')
          .replace(/calls-change$/, 'calls-change?calls=3')
        return [method.toUpperCase(), at, operation] as [string, string, Operation]
      }),
    )
  }

  test('answers every documented route as documented', async () => {
    const routes = await documented()
    expect(routes.length).toBeGreaterThanOrEqual(30)
    let answered = 0
    for (const [method, path, { responses }] of routes) {
      if (path.endsWith('/events')) continue
      // Without a body: what changes something says that it needs one, or what is missing.
      const { status, type } = await ask(system, path, { method })
      const documented = responses[String(status)]
      expect(documented, `${method} ${path} answers ${status}`).toBeDefined()
      answered += status === 200 ? 1 : 0
      const media = Object.keys(documented?.content ?? {})
      if (type !== '') expect(media, `${method} ${path}`).toContain(type.split(';')[0])
    }
    expect(answered).toBeGreaterThan(12)
  })

  test('answers none of them without the token, and always the same', async () => {
    const bodies = new Set<string>()
    for (const [method, path] of await documented()) {
      if (!path.startsWith('/api/')) continue
      const { status, text } = await ask(system, path, { method, headers: {} })
      expect(status, `${method} ${path}`).toBe(401)
      if (method !== 'HEAD') bodies.add(text)
    }
    expect(bodies.size).toBe(1)
  })

  test.each([
    ['GET', '/api/v1/nothing', 404, 'not-found'],
    ['GET', '/api/v1/lines/0033999999999', 404, 'line-unknown'],
    ['DELETE', '/api/v1/calls', 405, 'method-not-allowed'],
  ])('%s %s is a problem', async (method, path, status, type) => {
    const answer = await ask(system, path, { method })
    expect(answer.type).toContain('application/problem+json')
    expect(JSON.parse(answer.text)).toMatchObject({ status, type })
  })

  test('what is no HTTP is a problem too, and the API lives on', async () => {
    const socket = connect(8080, system.network.system)
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString()
    })
    socket.write('INVITE sip:nobody SIP/2.0\r\n\r\n')
    await until('it is refused', () => text.includes('"bad-request"'))
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect((await ask(system, '/healthz')).status).toBe(200)
  })
})

describe('clients of the events', () => {
  test('that hang do not hold up a call, of which the others hear', async () => {
    const sleepers = await Promise.all(Array.from({ length: 20 }, () => listen()))
    for (const client of sleepers) client.sleep()
    const awake = await listen()
    await alice.dial(numbers.bob)
    await bob.accept(await bob.ringing())
    await alice.talking()
    await until('it is told', () =>
      awake.told().some(({ name }) => name === 'callAnswered'),
    )
  })

  test('hear a phone leave', async () => {
    const client = await listen()
    // Not one of the system's: it is gone before they are all hung up.
    const carol = await startPhone({
      ...{ number: numbers.carol, password: passwords.carol },
      ...{ server: `${system.network.system}:5060`, address: system.network.peer(2) },
    })
    const hears = (registered: boolean) => () =>
      client
        .told()
        .some(
          ({ name, data }) =>
            name === 'registration' &&
            data['line'] === numbers.carol &&
            data['registered'] === registered,
        )
    await until('she is there', hears(true))
    await carol.close()
    await until('she is gone', hears(false))
  })

  test('are let go when the controller stops, which does not wait for them', async () => {
    const client = await listen()
    const hanging = await listen()
    hanging.sleep()
    await system.killController('SIGTERM')
    await until('the stream ends', () => client.ended(), { limitSeconds: 3 })
    await until('another controller is ready', async () => {
      return (await ask(system, '/readyz')).status === 200
    })
  })
})
