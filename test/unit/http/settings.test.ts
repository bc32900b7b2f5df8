import { beforeEach, describe, expect, it } from 'vitest'
import { storeInMemory } from './new-accounts.js'
import { newSettings } from './new-settings.js'
import { bearer, Recorder } from './recorder.js'

const ALICE = '0033972100001'
const BOB = '0033972100002'
const URL = `/api/v1/lines/${ALICE}/settings`

let recorder: Recorder
let server: ReturnType<Recorder['api']>
beforeEach(() => {
  recorder = new Recorder()
  server = recorder.api()
})

async function send(
  method: 'GET' | 'PATCH' | 'POST' | 'DELETE',
  url: string,
  payload?: string | object,
  headers: Record<string, string> = {},
) {
  const response = await server.inject({
    ...{ method, url, ...(payload !== undefined && { payload }) },
    headers: {
      ...bearer,
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
  })
  return { status: response.statusCode, body: response.json() }
}

describe('PATCH of the settings of a line', () => {
  it('answers with all of them, and which are others now', async () => {
    const change = { doNotDisturb: true, forwarding: { busy: { to: '06 12 34 56 78' } } }
    const { status, body } = await send('PATCH', URL, change)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      number: ALICE,
      changed: ['forwarding.busy', 'doNotDisturb'],
      applied: true,
      settings: {
        doNotDisturb: true,
        forwarding: { busy: { to: '0033612345678' }, noAnswer: { after: 20 } },
      },
    })
    const { body: shown } = await send('GET', URL)
    expect(shown).toEqual({ number: ALICE, settings: body.settings })
    expect((await send('PATCH', URL, change)).body.changed).toEqual([])
  })

  it('takes the number in any spelling, and knows no other', async () => {
    const url = '/api/v1/lines/%2B33972100001/settings'
    expect((await send('PATCH', url, { absent: true })).status).toBe(200)
    for (const number of ['0972109999', '0972200000', '7001', 'x']) {
      const unknown = `/api/v1/lines/${number}/settings`
      expect(await send('PATCH', unknown, {})).toMatchObject({
        ...{ status: 404, body: { type: 'line-unknown' } },
      })
    }
  })

  it.each<[string, string, string, string]>([
    ['an unknown key', '{"doNotDistrub":true}', '/doNotDistrub', 'key.unknown'],
    ['a limit, which is no setting', '{"calls":2}', '/calls', 'key.unknown'],
    ['a text for a flag', '{"intercom":"on"}', '/intercom', 'value.type'],
    [
      'a number for a text',
      '{"forwarding":{"busy":{"to":612345678}}}',
      '/forwarding/busy/to',
      'number.unquoted',
    ],
    [
      'a delay out of range',
      '{"forwarding":{"noAnswer":{"after":61}}}',
      '/forwarding/noAnswer/after',
      'delay.range',
    ],
    [
      'a delay without end',
      '{"forwarding":{"noAnswer":{"after":1e400}}}',
      '/forwarding/noAnswer/after',
      'delay.range',
    ],
    ['an unknown key within', '{"lock":{"code":"2580"}}', '/lock/code', 'key.unknown'],
    ['a weak PIN', '{"lock":{"pin":"1234"}}', '/lock/pin', 'pin.weak'],
    [
      'a forward to itself',
      `{"forwarding":{"busy":{"to":"${ALICE}"}}}`,
      '/forwarding/busy/to',
      'forward.loop',
    ],
    [
      'a premium number',
      '{"forwarding":{"busy":{"to":"0899123456"}}}',
      '/forwarding/busy/to',
      'forward.class',
    ],
    ['a list', '[]', '', 'value.type'],
    ['nothing', 'null', '', 'value.type'],
  ])('%s is refused at its place', async (_what, payload, pointer, code) => {
    const { status, body } = await send('PATCH', URL, payload)
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { type: 'settings-invalid', errors: [{ pointer, code }] },
    })
    expect(JSON.stringify(body)).not.toMatch(/1234(?!56)|2580/)
    for (const { message, remedy } of body.errors) {
      expect(`${message} ${remedy}`).toMatch(/^\S.*\S \S/)
    }
  })

  it.each([
    ['half a document', '{'],
    ['two documents', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['no number', '{"absent":NaN}'],
    ['a key twice', '{"absent":true,"absent":false}'],
    ['the prototype', '{"__proto__":{"absent":true}}'],
    ['ten thousand levels', '['.repeat(10_000) + ']'.repeat(10_000)],
  ])('%s is no JSON to us', async (_what, payload) => {
    expect((await send('PATCH', URL, payload)).status).toBe(400)
    expect((await send('GET', URL)).body.settings.absent).toBe(false)
  })

  it('H25 is kept and not called applied while Asterisk is away', async () => {
    recorder.connected = false
    expect(await send('PATCH', URL, { absent: true })).toMatchObject({
      ...{ status: 202, body: { applied: false, settings: { absent: true } } },
    })
    expect((await send('GET', URL)).body.settings.absent).toBe(true)
  })

  it('is refused when the store does not take it, and changes nothing', async () => {
    const database = storeInMemory()
    const settings = newSettings(recorder.site, () => true, database)
    const failing = recorder.api({ settings })
    const request = { method: 'PATCH', url: URL, headers: bearer } as const
    database.exec('PRAGMA query_only=ON')
    const refused = await failing.inject({ ...request, payload: { absent: true } })
    expect(refused.json()).toMatchObject({ status: 503, type: 'store.unavailable' })
    const shown = await failing.inject({ method: 'GET', url: URL, headers: bearer })
    expect(shown.json().settings.absent).toBe(false)
    database.exec('PRAGMA query_only=OFF')
    const taken = await failing.inject({ ...request, payload: { absent: true } })
    expect(taken.statusCode).toBe(200)
  })

  it('loses none of a thousand changes of two clients', async () => {
    const changes = Array.from({ length: 1_000 }, (_, at) => {
      const key = at % 2 === 0 ? 'busy' : 'unreachable'
      const to = `06123${String(at).padStart(5, '0')}`
      const payload = { forwarding: { [key]: { to } } }
      return server.inject({ method: 'PATCH', url: URL, headers: bearer, payload })
    })
    const answers = await Promise.all(changes)
    expect(answers.filter(({ statusCode }) => statusCode !== 200)).toEqual([])
    expect((await send('GET', URL)).body.settings.forwarding).toMatchObject({
      busy: { to: '0033612300998' },
      unreachable: { to: '0033612300999' },
    })
  })
})

describe('POST of the settings of several lines', () => {
  it('has an outcome for each', async () => {
    const { status, body } = await send('POST', '/api/v1/lines/settings', {
      lines: ['0972100001', BOB, '0972109999'],
      settings: { forwarding: { noAnswer: { to: BOB } } },
    })
    expect(status).toBe(200)
    expect(body.outcomes).toMatchObject([
      { line: ALICE, outcome: 'changed', applied: true, errors: [] },
      {
        ...{ line: BOB, outcome: 'refused', applied: false },
        errors: [{ pointer: '/settings/forwarding/noAnswer/to', code: 'forward.loop' }],
      },
      { line: '0972109999', outcome: 'unknown', applied: false, errors: [] },
    ])
  })

  it.each([
    ['no lines', { settings: {} }, '/lines'],
    ['no line', { lines: [], settings: {} }, '/lines'],
    ['a key too many', { lines: [ALICE], settings: {}, force: true }, '/force'],
    ['a wrong setting', { lines: [ALICE], settings: { dnd: true } }, '/settings/dnd'],
    ['no settings', { lines: [ALICE] }, '/settings'],
  ])('with %s changes nothing', async (_what, payload, pointer) => {
    expect(await send('POST', '/api/v1/lines/settings', payload)).toMatchObject({
      status: 422,
      body: { type: 'settings-invalid', errors: [{ pointer }] },
    })
  })
})

describe('the journal of a line', () => {
  it('tells who changed what, by which door, and no secret', async () => {
    const agent = { 'user-agent': 'linekeeper-cli/0.1.0' }
    await send('PATCH', URL, { intercom: false, lock: { pin: '2580' } }, agent)
    await send('PATCH', URL, { intercom: true })
    const { status, body } = await send('GET', `/api/v1/lines/${ALICE}/journal`)
    expect(status).toBe(200)
    expect(body).toMatchObject([
      { door: 'api', key: 'intercom', before: false, after: true },
      { door: 'cli', key: 'lock.pin', before: '***', after: '***' },
      { door: 'cli', key: 'intercom', before: true, after: false },
    ])
    expect(body[0].at).toMatch(/^\d{4}-.*Z$/)
    const one = await send('GET', `/api/v1/lines/${ALICE}/journal?limit=1`)
    expect(one.body).toHaveLength(1)
    for (const limit of ['-1', '0', '1e9', ';drop']) {
      const wrong = await send('GET', `/api/v1/lines/${ALICE}/journal?limit=${limit}`)
      expect(wrong.status).toBe(422)
    }
  })
})

describe('DELETE of the settings of a line', () => {
  it('gives it back to the site file', async () => {
    await send('PATCH', URL, { intercom: false, doNotDisturb: true })
    const { status, body } = await send('DELETE', URL)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { changed: ['doNotDisturb', 'intercom'], settings: { intercom: true } },
    })
    expect((await send('DELETE', URL)).body.changed).toEqual([])
  })
})
