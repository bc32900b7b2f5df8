import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slowness } from '../../rig/slowness.js'
import { until } from '../../rig/until.js'
import { ALICE, BOB } from '../../unit/call/told.js'
import { Controller } from './controller.js'
import { HostileAri } from './hostile-ari.js'
import { asking, destroyed, stasisStart } from './told.js'

/*
 * Rows E of the catalogue of bad input that are about the connection. What a bad
 * connection to a good Asterisk does is tried in test/asterisk/chaos.
 */

let ari: HostileAri
let controller: Controller

beforeEach(async () => {
  ari = new HostileAri()
  controller = new Controller(await ari.listen())
})
afterEach(() => {
  controller.session.close()
  ari.close()
})

async function connected(): Promise<void> {
  controller.open()
  await until('calls are decided', () => controller.state === 'connected')
}

const continued = (leg: string): number =>
  ari.asked.filter(({ uri }) => uri.startsWith(`channels/${leg}/continue`)).length

async function answers(leg: string): Promise<void> {
  ari.tell(stasisStart(leg))
  await until(`${leg} is answered`, () => continued(leg) > 0)
}

async function listed(times: number): Promise<void> {
  const before = ari.reads.get('channels') ?? 0
  const again = () => (ari.reads.get('channels') ?? 0) >= before + times
  await until('the channels are listed again', again, { limitSeconds: 10 })
}

describe('E01 what is no event', () => {
  const frames: [string, string | Buffer, number][] = [
    ['a truncated one', '{"type":"StasisStart","chan', 1],
    ['nothing', '', 1],
    ['null', 'null', 1],
    ['a number', '1e400', 1],
    ['a list', '[[[[]]]]', 1],
    ['a hundred thousand brackets', '['.repeat(100_000), 1],
    ['depth', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 1],
    ['5 MB', JSON.stringify({ type: 'StasisStart', args: 'x'.repeat(5e6) }), 1],
    ['a binary frame', Buffer.from([0, 255, 1, 254]), 2],
    ['a binary event', Buffer.from(JSON.stringify({ type: 'Nothing' })), 2],
    [
      'an answer to nobody',
      '{"type":"RESTResponse","request_id":"x","status_code":1}',
      1,
    ],
    ['an answer without a status', '{"type":"RESTResponse","request_id":"1"}', 1],
  ]

  it.each(frames)('%s is ignored, and calls go on', async (_what, payload, opcode) => {
    await connected()
    for (let count = 0; count < 12; count += 1) ari.send(payload, opcode)
    await answers('1.1')
    expect(ari.connections).toBe(1)
    expect(controller.logged(50)).toEqual([])
  })

  it('a frame that is none ends the connection, and the next one goes on', async () => {
    await connected()
    ari.send('x', 7)
    await until('it connects again', () => ari.connections === 2)
    await until('calls are decided', () => controller.state === 'connected')
    await answers('1.1')
  })
})

describe('E04 questions that come late, all at once', () => {
  it('after a standstill only who still waits is answered', async () => {
    await connected()
    ari.bodies['channels'] = JSON.stringify([asking('1.2')])
    ari.tell(stasisStart('1.1'))
    ari.tell(stasisStart('1.2'))
    // As after SIGSTOP: what was sent meanwhile lies in the socket.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000)
    await until('who waits is answered', () => continued('1.2') === 1)
    await answers('1.3')
    expect(continued('1.1')).toBe(0)
    expect(controller.inUse(ALICE)).toBe(2)
  })
})

describe('E06 ApplicationReplaced', () => {
  it('it stands by at once, says so, and takes over when the other is gone', async () => {
    await connected()
    ari.bodies['applications'] = '[{"name":"linekeeper"}]'
    const told = Date.now()
    ari.tell({ type: 'ApplicationReplaced', application: 'linekeeper' })
    await until('it stands by', () => controller.state === 'replaced')
    expect(Date.now() - told).toBeLessThan(1_000 * slowness())
    expect(controller.logged(50)).toEqual([
      'another controller took over this Asterisk: standing by',
    ])
    // Nothing that comes now is answered, and a list that is none changes nothing.
    ari.tell(stasisStart('1.1'))
    ari.bodies['applications'] = '<html>'
    const reads = () => ari.reads.get('applications') ?? 0
    await until('it looks for the other', () => reads() >= 2)
    ari.bodies['applications'] = '{"message":"Oops"}'
    await until('it looks for the other', () => reads() >= 4)
    expect(controller.state).toBe('replaced')
    expect(continued('1.1')).toBe(0)

    ari.bodies['applications'] = '[]'
    await until('it takes over', () => controller.state === 'connected')
    await answers('1.2')
  })
})

describe('E09 a command that Asterisk refuses', () => {
  it.each([404, 409, 412, 422, 500])('with %i is not said again', async (status) => {
    await connected()
    ari.answer = () => ({ status, body: '{"message":"No"}' })
    await answers('1.1')
    // Whatever became of it: it reserves nothing after its end.
    ari.tell(destroyed('1.1'))
    await until('nothing is reserved', () => controller.inUse(BOB) === 0)
    await answers('1.2')
    expect(continued('1.1')).toBe(1)
    expect(controller.logged(50)).toEqual([])
  })
})

describe('E10 a list that is none', () => {
  const bodies = [
    ...[
      '',
      '<html>Sign in</html>',
      '{}',
      'null',
      '[null]',
      '[{"id":7}]',
      '"x"',
      '[',
      '[[]]',
    ],
    '{"message":"Internal error"}',
  ]

  it('is asked for again, and calls go on', async () => {
    await connected()
    ari.bodies['channels'] = JSON.stringify([asking('1.1')])
    await answers('1.1')
    expect(controller.inUse(ALICE)).toBe(1)
    ari.bodies['channels'] = '{"message":"Internal error"}'
    await listed(1)
    await answers('1.2')
    expect(controller.inUse(ALICE)).toBe(2)
    ari.bodies['channels'] = '[]'
    await until('the list heals', () => controller.inUse(ALICE) === 0, {
      limitSeconds: 10,
    })
  })

  it.each(bodies)('%s: nobody is answered before there is a list', async (body) => {
    ari.bodies['channels'] = body
    controller.open()
    await listed(2)
    expect(controller.state).toBe('connecting')
    ari.tell(stasisStart('1.1'))
    ari.bodies['channels'] = JSON.stringify([asking('1.1')])
    await until('calls are decided', () => controller.state === 'connected')
    await until('the question is answered', () => continued('1.1') === 1)
  })

  it.each(['asterisk/info', 'endpoints/PJSIP', 'api-docs/resources.json'])(
    '%s is no better',
    async (path) => {
      const good = ari.bodies[path] ?? ''
      ari.bodies[path] = '<html>'
      controller.open()
      const reads = () => (ari.reads.get(path) ?? 0) >= 2
      await until('it is asked again', reads)
      ari.bodies[path] = good
      await until('calls are decided', () => controller.state === 'connected')
    },
  )
})

describe('E11 an answer that is lost', () => {
  it('is not asked for twice on the same connection', async () => {
    await connected()
    ari.answer = () => undefined
    await answers('1.1')
    ari.tell(destroyed('1.1'))
    await until('it is over', () => controller.inUse(ALICE) + controller.inUse(BOB) === 0)
    ari.answer = () => ({ status: 204 })
    await answers('1.2')
    expect(continued('1.1')).toBe(1)
  })

  it('with its connection: what was done is read back, and not done again', async () => {
    await connected()
    ari.answer = () => {
      ari.cut()
      return undefined
    }
    await answers('1.1')
    // It was executed: the leg has left Stasis, and dials.
    const dialplan = { context: 'ring', exten: '0033972100002*60*0', app_name: 'Dial' }
    ari.bodies['channels'] = JSON.stringify([asking('1.1', { dialplan })])
    ari.answer = () => ({ status: 204 })
    await until('it is connected again', () => ari.connections === 2)
    await answers('1.2')
    expect(continued('1.1')).toBe(1)
    expect(controller.inUse(ALICE)).toBe(2)
  })

  it('with its connection: what was not done is done once', async () => {
    await connected()
    ari.answer = () => {
      ari.cut()
      return undefined
    }
    ari.bodies['channels'] = JSON.stringify([asking('1.1')])
    await answers('1.1')
    ari.answer = () => ({ status: 204 })
    await until('it is answered on the next', () => continued('1.1') === 2)
    await answers('1.2')
    expect(continued('1.1')).toBe(2)
    expect(controller.inUse(ALICE)).toBe(2)
  })
})
