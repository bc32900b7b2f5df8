import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loseController } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { headerValues, type SipMessage } from '../../rig/sip-trace.js'
import { runSipp, startSipp } from '../../rig/sipp.js'
import { alias, numbers, passwords } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'

const scenario = (name: string): string => join(import.meta.dirname, name)
const outside = '0612345678'

/** Bob's phone obeys, Carol's does not. Whatever they forward, no intercom call follows. */
const site = {
  lines: {
    bob: `intercom: true
forwarding: { noAnswer: { after: 5, to: "${outside}" } }`,
    carol: `intercom: true
forwarding:
  noAnswer: { after: 5, to: "${outside}" }
  busy: { to: "${outside}" }
  unreachable: { to: "${outside}" }`,
  },
}

let system: System
let alice: Phone
let bob: Phone
let carol: Phone
let carrier: Phone

describe.each(['the controller decides', 'nobody but the dialplan'])('%s', (who) => {
  const degraded = who !== 'the controller decides'

  beforeAll(async () => {
    system = await startSystem(site)
    alice = await system.phone('alice', { toneHz: 700 })
    bob = await system.phone('bob', { toneHz: 1000, obeysAutoAnswer: true })
    carrier = await system.carrier()
    if (degraded) await loseController(system)
  })
  afterEach(async () => {
    await system.hangUpEverything()
    if (degraded) await system.expectNoChannelLeft()
    else await system.expectNothingLeft()
  })
  afterAll(() => system.close())

  test.each(['0972100002', '33972100002', '0033972100002', '+33972100002'])(
    '3691 and %s: the phone answers by itself, and both hear each other',
    async (dialled) => {
      const since = Date.now()
      const call = await alice.dial(`3691${dialled}`)
      await alice.talking(call, 2)
      expect(Date.now() - since).toBeLessThan(1_000)
      await until('Alice hears Bob', () => hears(alice.heard(since), 1000))
      await until('Bob hears Alice', () => hears(bob.heard(since), 700))
      expect(askedToAnswer(lastInvite(bob))).toEqual({
        'Call-Info': [`<sip:${system.network.system}>;answer-after=0`],
        'Alert-Info': [`<http://${system.network.system}>;info=alert-autoanswer;delay=0`],
        'Answer-Mode': [],
      })
    },
  )

  test('a plain call asks for nothing, and only rings', async () => {
    await alice.dial(numbers.bob)
    await bob.ringing()
    expect(askedToAnswer(lastInvite(bob))).toEqual(nothingAsked)
  })

  test('S30 what the caller asks for is not passed on', async () => {
    const caller = await runSipp({
      scenario: scenario('calls-with-headers.xml'),
      address: system.network.peer(60),
      remote: `${system.network.system}:5060`,
      service: numbers.bob,
      user: numbers.alice,
      password: passwords.alice,
      keys: { caller: numbers.alice },
    })
    expect(caller.errors).toBe('')
    expect(askedToAnswer(lastInvite(bob))).toEqual(nothingAsked)
    expect(headerValues(lastInvite(bob), 'P-Auto-Answer')).toEqual([])
  })

  test('off: 404, and the phone hears nothing of it', async () => {
    const before = invites(alice).length
    const call = await bob.dial(`3691${numbers.alice}`)
    expect((await bob.ended(call)).reason).toContain('404')
    expect(invites(alice)).toHaveLength(before)
  })

  test.each([
    ['nothing', ''],
    ['an emergency number', '112'],
    ['an outside number', outside],
    ['an alias', alias],
    ['itself', `3691${numbers.bob}`],
    ['a line nobody has', '0972100099'],
  ])('S32 3691 and %s: 404', async (_what, behind) => {
    const call = await alice.dial(`3691${behind}`)
    expect((await alice.ended(call)).reason).toContain('404')
  })

  test.each(['36910972100002', '3691+33972100002', '36910033972100002'])(
    'S31 from the carrier, %s: 404',
    async (dialled) => {
      const before = invites(bob).length
      const call = await carrier.dial(`sip:${dialled}@${system.network.system}`)
      expect((await carrier.ended(call)).reason).toContain('404')
      expect(invites(bob)).toHaveLength(before)
    },
  )

  test('a phone that is not registered: 480, not forwarded', async () => {
    const before = invites(carrier).length
    const call = await alice.dial(`3691${numbers.carol}`)
    expect((await alice.ended(call)).reason).toContain('480')
    expect(invites(carrier)).toHaveLength(before)
  })

  test.each([
    ['Polycom', 'PolycomVVX-VVX_411-UA/6.4.3', [], ['<http://linekeeper-autoanswer>']],
    ['Poly', 'poly edge e220', [], ['<http://linekeeper-autoanswer>']],
    ['Digium', 'Digium D65 2_9_3', [], ['ring-answer']],
    ['Panasonic', 'Panasonic_KX-HDV230', [], ['Intercom']],
    [
      'an agent of strange characters',
      'Poly"$[1+1],$\x7bEPOCH\x7d|x',
      [],
      ['<http://linekeeper-autoanswer>'],
    ],
  ])('the headers of %s', async (_family, agent, callInfo, alertInfo) => {
    const phone = await startSipp({
      scenario: scenario('registers.xml'),
      outOfCall: scenario('answers.xml'),
      address: system.network.peer(61),
      remote: `${system.network.system}:5060`,
      service: numbers.carol,
      user: numbers.carol,
      password: passwords.carol,
      keys: { agent },
    })
    await until('it is registered', () => phone.messages().includes('SIP/2.0 200 OK'))
    const call = await until('Alice reaches it', async () => {
      const one = await alice.dial(`3691${numbers.carol}`)
      return (await alice.talking(one, 1)).id ? one : undefined
    })
    await alice.hangup(call)
    const { messages } = await phone.result()
    const text = messages.replaceAll('\r', '')
    const message = {
      firstLine: 'INVITE',
      way: 'received',
      text: text.slice(text.lastIndexOf('\nINVITE sip:') + 1),
    } as const
    expect(askedToAnswer(message)).toEqual({
      'Call-Info': callInfo,
      'Alert-Info': alertInfo,
      'Answer-Mode': [],
    })
  })

  describe("when Carol's phone is there", () => {
    beforeAll(async () => {
      carol = await system.phone('carol', { toneHz: 1300 })
    })

    test('no free call slot: 486, not forwarded', async () => {
      await carol.dial(numbers.alice)
      await alice.ringing()
      const before = invites(carrier).length
      const call = await bob.dial(`3691${numbers.carol}`)
      expect((await bob.ended(call)).reason).toContain('486')
      expect(invites(carrier)).toHaveLength(before)
    })

    test('a phone that does not obey rings on, and is not forwarded', async () => {
      const since = Date.now()
      const before = invites(carrier).length
      const call = await alice.dial(`3691${numbers.carol}`)
      const ringing = await carol.ringing()
      await until('the time of the forward is over', () => Date.now() - since > 6_500, {
        limitSeconds: 7,
      })
      expect(invites(carrier)).toHaveLength(before)
      await carol.accept(ringing)
      await alice.talking(call)
      if (degraded) return
      await alice.hangup(call)
      const logged = await until('the call is logged', () => lastCall(system))
      expect(logged).not.toHaveProperty('byItself')
    })

    test('the phone says busy: 486, not forwarded', async () => {
      const before = invites(carrier).length
      const call = await alice.dial(`3691${numbers.carol}`)
      await carol.hangup(await carol.ringing())
      expect((await alice.ended(call)).reason).toContain('486')
      expect(invites(carrier)).toHaveLength(before)
    })
  })

  if (degraded) return

  test('it counts on both lines, and the log tells that the phone answered by itself', async () => {
    const call = await alice.dial(`3691${numbers.bob}`)
    await alice.talking(call)
    expect((await system.line('alice')).calls.inUse).toBe(1)
    expect((await system.line('bob')).calls.inUse).toBe(1)
    await alice.hangup(call)
    await until('the log tells it', () => lastCall(system)?.byItself === true)
    expect(lastCall(system)).toMatchObject({ steps: ['intercom'], answered: true })
  })
})

describe.each(['doNotDisturb', 'absent'])('%s', (service) => {
  beforeAll(async () => {
    system = await startSystem({ lines: { bob: `intercom: true\n${service}: true` } })
    alice = await system.phone('alice')
    bob = await system.phone('bob', { obeysAutoAnswer: true })
  })
  afterAll(() => system.close())

  test.each([false, true])('480, and no INVITE; degraded: %s', async (degraded) => {
    if (degraded) await loseController(system)
    const call = await alice.dial(`3691${numbers.bob}`)
    expect((await alice.ended(call)).reason).toContain('480')
    expect(invites(bob)).toEqual([])
    await system.expectNoChannelLeft()
  })
})

const nothingAsked = { 'Call-Info': [], 'Alert-Info': [], 'Answer-Mode': [] }

function askedToAnswer(message: SipMessage): Record<string, string[]> {
  const names = ['Call-Info', 'Alert-Info', 'Answer-Mode']
  return Object.fromEntries(names.map((name) => [name, headerValues(message, name)]))
}

function invites(phone: Phone): SipMessage[] {
  return phone
    .sip()
    .filter(({ firstLine, way }) => way === 'received' && firstLine.startsWith('INVITE'))
}

function lastInvite(phone: Phone): SipMessage {
  const last = invites(phone).at(-1)
  if (!last) throw new Error('lastInvite: the phone was never called')
  return last
}

/** The log's line of the last call. */
function lastCall(of: System): { byItself?: boolean } | undefined {
  return of
    .log()
    .split('\n')
    .filter((line) => line.includes('"msg":"call"'))
    .map((line): { byItself?: boolean } => JSON.parse(line))
    .at(-1)
}
