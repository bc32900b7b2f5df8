import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runSipp, type Sipp, startSipp } from '../../rig/sipp.js'
import { carrierAddress, passwordOf } from '../../rig/site-text.js'
import { until } from '../../rig/until.js'
import {
  controllers,
  desk,
  type Estate,
  invitesTo,
  type Phones,
  startEstate,
} from './estate.js'

const scenario = (name: string): string => join(import.meta.dirname, name)

const ASSERTED = 'P-Asserted-Identity: <sip:+33612345678@carrier.invalid>'

describe.each(controllers)('controller %s', (controller) => {
  let estate: Estate
  let phones: Phones
  /** A contact that was lost is asked again only when it is another. */
  let port = 5100
  const softphones: Sipp[] = []

  beforeAll(async () => {
    ;({ estate, phones } = await startEstate(controller))
  })
  afterEach(async () => {
    for (const sipp of softphones.splice(0)) await sipp.close()
    await estate.silence()
  })
  afterAll(() => estate.system.close())

  test.each([
    ['busy', '486'],
    ['busy everywhere', '600'],
    ['not just now', '480'],
    ['out of service', '503'],
    ['a time-out', '408'],
  ])('the phone says %s, %s: its forward is followed', async (_what, code) => {
    await answer(desk.softphone, code)
    await phones.carrier.dial(estate.dialIn(desk.softphone))
    await phones.bob.ringing()
    await estate.expectInUse(desk.softphone, 0)
  })

  test.each([
    ['declines: the caller is refused, and nobody else rings', '603', '403'],
    ['would send the caller elsewhere: nothing is dialled by it', '302', '480'],
  ])('the phone %s', async (_what, code, expected) => {
    const rung = invitesTo(phones.bob).length + invitesTo(phones.carrier).length
    await answer(desk.softphone, code)
    const call = await phones.carol.dial(desk.softphone)
    expect((await phones.carol.ended(call)).reason).toContain(expected)
    expect(invitesTo(phones.bob).length + invitesTo(phones.carrier).length).toBe(rung)
  })

  test('a redirection after a busy phone is not taken for busy', async () => {
    await answer(desk.busySoftphone, '486')
    await answer(desk.softphone, '302')
    const call = await phones.carol.dial(desk.busySoftphone)
    expect((await phones.carol.ended(call)).reason).toContain('480')
  })

  test.each([
    ['an anonymous From', 'anonymous', 'Subject: none'],
    ['his wish for privacy', '+33612345678', `${ASSERTED}\r\nPrivacy: id`],
    ['both, his number for the carrier alone', 'anonymous', `${ASSERTED}\r\nPrivacy: id`],
  ])(
    'a line that refuses anonymous callers: %s is told so, then refused',
    async (_what, shown, identity) => {
      const begun = Date.now()
      const call = await runSipp({
        scenario: scenario('hides.xml'),
        address: carrierAddress(estate.system.network),
        port: 5070,
        remote: `${estate.system.network.system}:5060`,
        service: `+${desk.noAnonymous.slice(2)}`,
        keys: { shown, identity },
      })
      expect(call).toMatchObject({ exitCode: 0, errors: '' })
      // A prompt that is not there would be over at once.
      expect(Date.now() - begun).toBeGreaterThan(1000)
    },
  )

  test('a line that refuses anonymous callers lets the others through', async () => {
    await phones.carrier.dial(estate.dialIn(desk.noAnonymous))
    await phones.bob.ringing()
  })

  /** A phone that registers for the line, is there, and answers its next call like that. */
  async function answer(number: string, code: string): Promise<void> {
    const { network } = estate.system
    const address = network.peer(60 + softphones.length)
    port += 1
    const phone = await startSipp({
      scenario: answering(code),
      address,
      port,
      keys: { elsewhere: '+33687654321' },
      calls: 10,
    })
    softphones.push(phone)
    const registered = await runSipp({
      scenario: scenario('register.xml'),
      address,
      remote: `${network.system}:5060`,
      service: number,
      user: number,
      password: passwordOf(number),
      keys: { phone: String(port) },
    })
    expect(registered).toMatchObject({ exitCode: 0, errors: '' })
    await until('the system has seen it', () => phone.messages().includes('200 OK'))
  }

  /** SIPp reads the code of an answer when it starts: no key can stand for it. */
  function answering(code: string): string {
    const path = join(estate.system.dir, `answers-${code}.xml`)
    const text = readFileSync(scenario('answers.xml'), 'utf8')
    writeFileSync(path, text.replace('SIP/2.0 486', `SIP/2.0 ${code}`))
    return path
  }
})
