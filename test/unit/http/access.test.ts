import type { FastifyInstance } from 'fastify'
import { beforeEach, describe, expect, it } from 'vitest'
import { bearer, Recorder } from './recorder.js'

const own = '0033972100001'
const foreign = '0033972100003'

/** Routes that need no token on loopback. */
const open = new Set(['GET /healthz', 'GET /readyz', 'GET /metrics'])
/** What a customer may ask without naming a line. */
const forCustomers = [
  ...['GET /api/v1/lines', 'GET /api/v1/events', 'POST /api/v1/lines/settings'],
  ...['GET /api/v1/orders', 'GET /api/v1/orders/:id', 'POST /api/v1/orders'],
  ...['POST /api/v1/orders/:id/cancel', 'POST /api/v1/plan-changes'],
  'POST /api/v1/lines/plan-change',
]

let recorder: Recorder
let server: FastifyInstance
let customer: { authorization: string }
let reader: { authorization: string }

beforeEach(async () => {
  recorder = new Recorder()
  const { accounts } = recorder
  server = recorder.api()
  await server.ready()
  const secret = (
    name: string,
    role: 'administrator' | 'customer',
    readOnly: boolean,
  ) => {
    const lines = role === 'customer' ? [own] : []
    const made = accounts.addToken({ name, role, lines, readOnly }, undefined)
    return { authorization: `Bearer ${made?.secret.reveal()}` }
  }
  customer = secret('paul', 'customer', false)
  reader = secret('reader', 'administrator', true)
})

/** Every route of the API, with a line or something else that is not there in its place. */
function routes(): { name: string; method: string; url: string }[] {
  return server.routeTable
    .all()
    .filter((name) => !name.startsWith('HEAD '))
    .map((name) => {
      const [method = '', path = ''] = name.split(' ')
      return {
        name,
        method,
        url: path.replace(':number', foreign).replaceAll(/:\w+/g, 'x1'),
      }
    })
}

const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

function verb(method: string): (typeof verbs)[number] {
  const found = verbs.find((each) => each === method)
  if (found) return found
  throw new Error(`a route with ${method}`)
}

async function ask(method: string, url: string, headers: object = {}, payload?: string) {
  // The stream of events never ends: only its head counts.
  const isStream = url.endsWith('/events')
  return await server.inject({
    ...{ method: verb(method), url },
    headers: {
      ...headers,
      ...(payload !== undefined && { 'content-type': 'application/json' }),
    },
    ...(payload !== undefined && { payload }),
    ...(isStream && { payloadAsStream: true }),
  })
}

describe('every route', () => {
  it('needs a token, unless it tells whether the program runs', async () => {
    for (const { name, method, url } of routes()) {
      const expected = open.has(name) ? 200 : 401
      expect((await ask(method, url)).statusCode, name).toBe(expected)
    }
  })

  it('H02 about a line knows no foreign one, in the same words as for no line at all', async () => {
    const about = routes().filter(({ name }) => name.includes(':number'))
    expect(about.length).toBeGreaterThan(10)
    for (const { name, method, url } of about) {
      const answers = [
        url,
        url.replace(foreign, '0033999999999'),
        url.replace(foreign, 'x'),
      ]
      const heard = await Promise.all(
        answers.map((each) => ask(method, each, customer, '{}')),
      )
      expect(
        heard.map(({ statusCode }) => statusCode),
        name,
      ).toEqual([404, 404, 404])
      expect(new Set(heard.map(({ body }) => body)).size, name).toBe(1)
    }
  })

  it('without a line is for administrators, unless it shows a customer only his own', async () => {
    const others = routes().filter(
      ({ name }) => name.includes('/api/') && !name.includes(':number'),
    )
    for (const { name, method, url } of others) {
      if (forCustomers.includes(name)) continue
      expect((await ask(method, url, customer, '{}')).statusCode, name).toBe(403)
    }
  })

  it('that writes refuses a token that may only read (H03)', async () => {
    const writing = routes().filter(({ method }) => method !== 'GET')
    expect(writing.length).toBeGreaterThan(10)
    for (const { name, method, url } of writing) {
      const { statusCode } = await ask(method, url.replace(foreign, own), reader, '{}')
      expect(statusCode, name).toBe(403)
    }
  })

  it('with a body answers one that is not as documented with 422, or 404, never 200', async () => {
    const withBody = routes().filter(
      ({ method, name }) =>
        ['POST', 'PUT', 'PATCH'].includes(method) &&
        !/reload|reopen|\/pay$|\/cancel$/.test(name),
    )
    for (const { name, method, url } of withBody) {
      const body = '{"nonsense":[1]}'
      const { statusCode } = await ask(method, url.replace(foreign, own), bearer, body)
      // Of a file, the type alone says that it is not one.
      const refusals = name.includes('/greetings/') ? [415] : [404, 422]
      expect(refusals, name).toContain(statusCode)
    }
  })
})

describe('a customer', () => {
  it('sees his lines, and no other', async () => {
    const lines = (await ask('GET', '/api/v1/lines', customer)).json()
    expect(lines.map(({ number }: { number: string }) => number)).toEqual([own])
    expect((await ask('GET', `/api/v1/lines/${own}`, customer)).statusCode).toBe(200)
    expect((await ask('GET', '/api/v1/lines/0972100001', customer)).statusCode).toBe(200)
  })

  it('changes his lines, and no other, even among several', async () => {
    const body = JSON.stringify({ lines: [own, foreign], settings: { absent: true } })
    const { outcomes } = (
      await ask('POST', '/api/v1/lines/settings', customer, body)
    ).json()
    expect(outcomes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'changed',
      'unknown',
    ])
    expect(recorder.settings.line(foreign)?.absent ?? false).toBe(false)
  })
})

describe('tokens and users', () => {
  const post = (url: string, body: object) =>
    ask('POST', url, bearer, JSON.stringify(body))

  it('a token is shown once, and is kept as a hash', async () => {
    const made = await post('/api/v1/tokens', {
      ...{ name: 'shop', role: 'customer', lines: ['0972100001'], days: 1 },
    })
    expect(made.statusCode).toBe(201)
    const { token } = made.json()
    expect((await ask('GET', '/api/v1/tokens', bearer)).body).not.toContain(token)
    const headers = { authorization: `Bearer ${token}` }
    expect((await ask('GET', `/api/v1/lines/${own}`, headers)).statusCode).toBe(200)
    await ask('DELETE', '/api/v1/tokens/shop', bearer)
    expect((await ask('GET', `/api/v1/lines/${own}`, headers)).statusCode).toBe(401)
  })

  it('expire (H01)', async () => {
    let now = Date.UTC(2026, 0, 1)
    const { newAccounts } = await import('./new-accounts.js')
    const accounts = newAccounts('the-token-of-the-folder', { now: () => now })
    const wanted = {
      name: 'day',
      role: 'administrator',
      lines: [],
      readOnly: false,
    } as const
    const made = accounts.addToken(wanted, 1_000)
    const header = `Bearer ${made?.secret.reveal()}`
    expect(accounts.ofBearer(header)?.name).toBe('token day')
    now += 1_000
    expect(accounts.ofBearer(header)).toBeUndefined()
  })

  it.each([
    ['a weak password', { password: 'password1234' }, 422],
    ['a short password', { password: 'k7Vw2m' }, 422],
    ['a role that there is not', { role: 'root' }, 422],
    ['an unknown line', { lines: ['0999999999'] }, 422],
    ['a key too many', { admin: true }, 422],
    ['a name with a quote', { name: "x' OR 1=1" }, 422],
    ['nothing wrong', {}, 201],
  ])('a user with %s', async (_what, changes, status) => {
    const user = { name: 'anne', role: 'customer', lines: ['0972100001'] }
    const made = await post('/api/v1/users', {
      ...{ ...user, password: 'quatre mots pas faciles' },
      ...changes,
    })
    expect(made.statusCode).toBe(status)
    expect(made.body).not.toContain('quatre mots')
  })

  it('a user has one name, is signed out with a new password, and is gone when removed', async () => {
    const user = {
      name: 'anne',
      role: 'administrator',
      password: 'quatre mots pas faciles',
    }
    await post('/api/v1/users', user)
    expect((await post('/api/v1/users', user)).statusCode).toBe(409)
    const { accounts } = recorder
    const { Secret } = await import('../../../src/model/secret.js')
    const signedIn = await accounts.signIn('anne', new Secret(user.password), '192.0.2.1')
    const cookie = signedIn.kind === 'signedIn' ? signedIn.cookie.reveal() : ''
    expect(accounts.sessionOf(cookie)?.principal.role).toBe('administrator')
    const changed = await ask(
      ...(['PUT', '/api/v1/users/anne/password', bearer] as const),
      JSON.stringify({ password: 'quatre autres mots encore' }),
    )
    expect(changed.statusCode).toBe(200)
    expect(accounts.sessionOf(cookie)).toBeUndefined()
    expect((await ask('DELETE', '/api/v1/users/anne', bearer)).statusCode).toBe(200)
    expect((await ask('DELETE', '/api/v1/users/anne', bearer)).statusCode).toBe(404)
  })

  it('a session ends when it is idle for half an hour, and after twelve hours', async () => {
    let now = Date.UTC(2026, 0, 1)
    const { newAccounts } = await import('./new-accounts.js')
    const { Secret } = await import('../../../src/model/secret.js')
    const accounts = newAccounts('the-token-of-the-folder', { now: () => now })
    const password = await accounts.firstPassword()
    expect(await accounts.firstPassword()).toBeUndefined()
    const enter = async () => {
      const done = await accounts.signIn(
        'administrator',
        password ?? new Secret(''),
        'here',
      )
      return done.kind === 'signedIn' ? done.cookie.reveal() : ''
    }
    const idle = await enter()
    now += 31 * 60_000
    expect(accounts.sessionOf(idle)).toBeUndefined()
    const busy = await enter()
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      expect(accounts.sessionOf(busy)).toBeDefined()
      now += 20 * 60_000
    }
    now += 60_000
    expect(accounts.sessionOf(busy)).toBeUndefined()
  })
})
