import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ProblemView } from '../../../src/http/problem.js'
import { CallView, LineView, Status } from '../../../src/http/views.js'
import { WhyView } from '../../../src/http/why-view.js'
import { bearer, Recorder } from './recorder.js'

type Document = {
  openapi: string
  paths: Record<string, Record<string, { security?: object[]; responses: object }>>
  components: { schemas: Record<string, { properties?: object }> }
}

let recorder: Recorder
beforeEach(() => {
  recorder = new Recorder()
})

async function documentOf(server = recorder.api()): Promise<Document> {
  const response = await server.inject({ url: '/api/v1/openapi.json', headers: bearer })
  return response.json()
}

/** An answer may grow for its readers, but not without its documentation. */
function strictly(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject ? schema.strict() : schema
}

describe('the document', () => {
  it('is OpenAPI 3.1 and names every route', async () => {
    const server = recorder.api()
    const { openapi, paths } = await documentOf(server)
    expect(openapi).toBe('3.1.0')
    const named = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const answered = server.routeTable
      .all()
      .map((route) => route.replaceAll(/:(\w+)/g, '{$1}'))
      .filter((route) => !/^HEAD |\/openapi\.json$/.test(route))
    expect(answered.length).toBeGreaterThan(10)
    expect(named.filter((route) => !route.startsWith('HEAD')).sort()).toEqual(
      answered.sort(),
    )
  })

  it('refers only to schemas that it has', async () => {
    const document = await documentOf()
    const referred = [
      ...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g),
    ]
    const missing = referred.filter(
      ([, name = '']) => !(name in document.components.schemas),
    )
    expect(referred.length).toBeGreaterThan(5)
    expect(missing).toEqual([])
  })

  it('says where the token is needed', async () => {
    const { paths } = await documentOf()
    for (const [path, methods] of Object.entries(paths)) {
      const needed = path.startsWith('/api/') ? [{ token: [] }] : undefined
      for (const { security } of Object.values(methods)) {
        expect(security, path).toEqual(needed)
      }
    }
    const far = await documentOf(recorder.api({ loopback: false }))
    expect(far.paths['/metrics']?.get?.security).toEqual([{ token: [] }])
  })

  it('holds nothing of the site file', async () => {
    const { components } = await documentOf()
    const ofTheSiteFile = ['Site', 'LineEntry', 'Trunk', 'Plan', 'Alias']
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining(['Line', 'Settings', 'Problem']),
    )
    for (const name of ofTheSiteFile) expect(components.schemas).not.toHaveProperty(name)
  })
})

describe('the answer of', () => {
  it.each<[string, z.ZodType]>([
    ['/api/v1/status', Status],
    ['/api/v1/lines', z.array(strictly(LineView))],
    ['/api/v1/lines/0033972100001', strictly(LineView)],
    ['/api/v1/lines/0972100001', LineView],
    ['/api/v1/lines/+33972100001', LineView],
    ['/api/v1/lines/09%2072%2010%2000%2001', LineView],
    ['/api/v1/lines/0033972100001/why', strictly(WhyView)],
    ['/api/v1/calls', z.array(strictly(CallView))],
    ['/healthz', z.strictObject({ status: z.literal('ok') })],
    ['/api/v1/lines/15', ProblemView],
  ])('%s is as documented', async (url, schema) => {
    const response = await recorder.api().inject({ url, headers: bearer })
    expect(schema.safeParse(response.json())).toMatchObject({ success: true })
  })

  it('a line tells its settings as the site file does, and no secret', async () => {
    const url = '/api/v1/lines/0033972100001'
    const response = await recorder.api().inject({ url, headers: bearer })
    expect(response.json()).toMatchObject({
      calls: {
        ...{ limit: 3, inUse: 1 },
        holdings: [{ kind: 'outgoing', state: 'up', ageSeconds: 3, waitsFor: 'hangUp' }],
      },
      settings: {
        forwarding: {
          unconditional: null,
          noAnswer: { after: 20, to: 'voicemail' },
          busy: { to: '0033972100002' },
          unreachable: null,
        },
        lock: null,
      },
    })
    expect(response.body).not.toMatch(/k7Vw2mXq9sLd4RtY|824613/)
  })

  it('reload counts the lines, or gives every finding', async () => {
    const reload = () =>
      recorder.api().inject({ method: 'POST', url: '/api/v1/reload', headers: bearer })
    expect((await reload()).json()).toEqual({ lines: 3 })
    recorder.answer = { kind: 'refused', findings: [] }
    expect((await reload()).json()).toMatchObject({ status: 422, type: 'site-invalid' })
  })
})
