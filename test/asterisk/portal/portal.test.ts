import { execFileSync } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { runProgram } from '../../rig/program.js'
import { numbers } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

const { alice: ALICE, bob: BOB } = numbers

let system: System
let password: string
let alice: Phone
let bob: Phone
let carol: Phone
const sockets: Socket[] = []

beforeAll(async () => {
  system = await startSystem()
  alice = await system.phone('alice')
  bob = await system.phone('bob')
  carol = await system.phone('carol')
  password = /password (\S+)/.exec(system.log())?.[1] ?? ''
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())

function url(path: string): string {
  return `http://${system.network.system}:8080${path}`
}

/** Signs in with forms, as a browser without JavaScript does; answers with the cookies. */
async function signIn(
  user: string,
  secret: string,
): Promise<{ status: number; cookie: string }> {
  const page = await fetch(url('/sign-in'))
  const form = page.headers.getSetCookie().map((each) => each.split(';')[0])
  const [, token = ''] = /name="formToken" value="([^"]*)"/.exec(await page.text()) ?? []
  const answer = await fetch(url('/sign-in'), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: form.join('; ') },
    body: new URLSearchParams({ formToken: token, user, password: secret, next: '/' }),
  })
  const session = answer.headers.getSetCookie().map((each) => each.split(';')[0])
  return { status: answer.status, cookie: [...form, ...session].join('; ') }
}

async function postForm(path: string, from: string, cookie: string, fields: object) {
  const page = await (await fetch(url(from), { headers: { cookie } })).text()
  const [, token = ''] = /name="formToken" value="([^"]*)"/.exec(page) ?? []
  const body = new URLSearchParams({ formToken: token, ...fields })
  return fetch(url(path), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body,
  })
}

describe('the first password', () => {
  test('is printed once, opens the portal, and lies nowhere', async () => {
    expect(password).toMatch(/^[\w-]{32}$/)
    expect(system.log().split(password)).toHaveLength(2)
    const logged = system
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(logged.join('\n')).not.toContain(password)
    expect((await signIn('administrator', password)).status).toBe(303)
    expect((await signIn('administrator', 'another one')).status).toBe(401)
    // grep says 1 when it finds nothing.
    expect(() => execFileSync('grep', ['-rlaF', password, system.state])).toThrow(
      /status|fail/i,
    )
  })

  test('is printed by no later start', async () => {
    await system.killController()
    await until('another controller answers', async () => {
      return (await fetch(url('/readyz')).catch(() => undefined))?.status === 200
    })
    expect(system.log().match(/password \S+\n/g)).toHaveLength(1)
  })

  test('and a session outlive the controller', async () => {
    const { cookie } = await signIn('administrator', password)
    await system.killController()
    await until('another controller answers', async () => {
      return (await fetch(url('/readyz')).catch(() => undefined))?.status === 200
    })
    const page = await fetch(url('/board'), { headers: { cookie }, redirect: 'manual' })
    expect(page.status).toBe(200)
  })
})

describe('users and tokens', () => {
  const run = (words: string[], input?: string) =>
    runProgram([...words, '--dir', system.state], input)
  const phrase = 'trois mots bien choisis'

  test('a customer is added with a password from standard input, and sees his line', async () => {
    const added = await run(
      ['user', 'add', 'marie', '--lines', '0972100001'],
      `${phrase}\n`,
    )
    expect(added).toMatchObject({ exitCode: 0, stdout: 'done\n' })
    const { cookie } = await signIn('marie', phrase)
    const list = await (await fetch(url('/'), { headers: { cookie } })).text()
    expect(list).toContain(ALICE)
    expect(list).not.toContain(BOB)
    const foreign = await fetch(url(`/lines/${BOB}/calls`), { headers: { cookie } })
    expect(foreign.status).toBe(404)
    expect((await run(['user', 'list'])).stdout).toMatch(/marie +customer +0033972100001/)
    await run(['user', 'password', 'marie'], 'encore une autre phrase\n')
    expect((await signIn('marie', phrase)).status).toBe(401)
    await run(['user', 'remove', 'marie'])
    expect((await signIn('marie', 'encore une autre phrase')).status).toBe(401)
  })

  test.each([
    [['user', 'add', 'x'], 64, /--lines NUMBER… for a customer, or --administrator/],
    [['user', 'remove'], 64, /Give a name/],
    [['user', 'remove', 'nobody'], 1, /no user of this name/],
    [['token', 'add', 'x'], 64, /--lines NUMBER… or --administrator/],
    [['token', 'add', 'x', '--administrator', '--days', '0'], 64, /whole number of days/],
    [['token', 'remove', 'nobody'], 1, /no token of this name/],
    [['user', 'add', 'y', '--lines', '0999999999'], 4, /no line has the number/],
  ])('%j ends with %d and says why', async (words, exitCode, why) => {
    const ended = await run(words, `${phrase}\n`)
    expect(ended).toMatchObject({ exitCode, stderr: expect.stringMatching(why) })
  })

  test('a token is printed once, reads, and is gone when it is removed', async () => {
    const made = await run(['token', 'add', 'wall', '--administrator', '--read-only'])
    const headers = { authorization: `Bearer ${made.stdout.trim()}` }
    expect((await fetch(url('/api/v1/lines'), { headers })).status).toBe(200)
    const written = await fetch(url('/api/v1/reload'), { method: 'POST', headers })
    expect(written.status).toBe(403)
    expect((await run(['token', 'list'])).stdout).not.toContain(made.stdout.trim())
    await run(['token', 'remove', 'wall'])
    expect((await fetch(url('/api/v1/lines'), { headers })).status).toBe(401)
  })
})

describe('a forward in the portal, without JavaScript', () => {
  test('holds for the next call (E22)', async () => {
    const { cookie } = await signIn('administrator', password)
    const page = `/lines/${ALICE}/calls`
    const saved = await postForm(`/lines/${ALICE}/forwarding`, page, cookie, {
      ...{ 'unconditional.on': 'on', 'unconditional.kind': 'number' },
      'unconditional.number': BOB,
    })
    expect([saved.status, saved.headers.get('location')]).toEqual([
      303,
      `${page}?done=saved`,
    ])
    await carol.dial(ALICE)
    await bob.ringing()
    expect(alice.calls()).toEqual([])
    await carol.hangup()
    await postForm(`/lines/${ALICE}/forwarding`, page, cookie, {})
    const journal = await system.get(`/api/v1/lines/${ALICE}/journal`)
    expect(JSON.stringify(journal.body)).toMatch(/"door":"portal","who":"administrator"/)
  })
})

describe('slow clients (H14)', () => {
  test('three hundred that never finish a request are closed, and calls go on', async () => {
    const closed = new Set<Socket>()
    for (let at = 0; at < 300; at += 1) {
      const socket = connect(8080, system.network.system)
      sockets.push(socket)
      socket.resume().on('error', () => undefined)
      socket.on('close', () => closed.add(socket))
      socket.write('GET /api/v1/lines HTTP/1.1\r\nHost: x\r\nX-Slow:')
    }
    await carol.dial(BOB)
    await bob.accept(await bob.ringing())
    await carol.talking()
    await until('all of them are closed', () => closed.size === 300, { limitSeconds: 20 })
    expect((await fetch(url('/healthz'))).status).toBe(200)
  })
})
