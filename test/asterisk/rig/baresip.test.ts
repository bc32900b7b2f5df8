import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AsteriskProcess } from '../../../src/instance/asterisk-process.js'
import {
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { rx } from '../../../src/instance/remote-console.js'
import { bareAsterisk } from '../../rig/bare-asterisk.js'
import type { Phone } from '../../rig/baresip.js'
import { startPhone } from '../../rig/baresip.js'
import type { TestNetwork } from '../../rig/ports.js'
import { claimNetwork } from '../../rig/ports.js'
import { headerValues } from '../../rig/sip-trace.js'
import { hears, isSilent } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
import { switchboard } from './switchboard.js'

const aliceHz = 440
const bobHz = 1000

describe('two real phones on a real Asterisk', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lk-rig-'))
  let network: TestNetwork
  let asterisk: AsteriskProcess
  let alice: Phone
  let bob: Phone

  beforeAll(async () => {
    network = await claimNetwork()
    const files = switchboard(network.system, ['100', '101'])
    asterisk = await startAsterisk(await bareAsterisk(dir, files))
    await waitBooted(asterisk)
    alice = await phone(0, '100', aliceHz)
    bob = await phone(1, '101', bobHz)
  })

  afterEach(async () => {
    await alice.hangupAll()
    await bob.hangupAll()
    await until('no channel is left', async () => {
      return (await rx(asterisk.instance, 'core show channels')).includes(
        '0 active channels',
      )
    })
  })

  afterAll(async () => {
    await alice?.close()
    await bob?.close()
    if (asterisk) await stop(asterisk)
    await network.release()
    rmSync(dir, { recursive: true, force: true })
  })

  async function phone(index: number, number: string, toneHz: number): Promise<Phone> {
    const started = await startPhone({
      number,
      password: `secret-${number}`,
      server: network.system,
      address: network.peer(index),
      name: number === '100' ? 'Alice' : 'Bob',
      toneHz,
      transport: number === '100' ? 'udp' : 'tcp',
    })
    await started.registered()
    return started
  }

  it('hear each other, before a hold and after it', async () => {
    const call = await alice.dial('101')
    await bob.accept(await bob.ringing())
    await alice.talking(call)
    await until('Alice hears Bob', () => hears(alice.heard(), bobHz))
    await until('Bob hears Alice', () => hears(bob.heard(), aliceHz))
    expect(hears(alice.heard(), aliceHz)).toBe(false)

    await alice.hold()
    await until('Asterisk holds the call', () => heldBy(alice))
    const resumed = Date.now()
    await alice.resume()
    await until('Alice hears Bob again', () => hears(alice.heard(resumed), bobHz))
    await until('Bob hears Alice again', () => hears(bob.heard(resumed), aliceHz))

    await bob.hangup()
    expect((await alice.ended(call)).reason).toContain('reset by peer')
  })

  /** The last answer that the phone got to an INVITE takes sound but sends none. */
  function heldBy(holder: Phone): boolean {
    const answers = holder.sip().filter(({ firstLine }) => firstLine === 'SIP/2.0 200 OK')
    return answers.at(-1)?.text.includes('a=recvonly') ?? false
  }

  it('see who calls', async () => {
    await alice.dial('101')
    const call = await bob.ringing()
    expect(call.peerName).toBe('Alice')
    const invite = bob.sip().findLast(({ firstLine }) => firstLine.startsWith('INVITE'))
    expect(invite?.way).toBe('received')
    expect(invite && headerValues(invite, 'From')[0]).toContain('"Alice" <sip:100@')
  })

  it('refuse a call', async () => {
    const call = await alice.dial('101')
    await bob.hangup(await bob.ringing())
    expect((await alice.ended(call)).reason).toContain('486')
  })

  it('are told what does not exist', async () => {
    expect((await alice.ended(await alice.dial('999'))).reason).toContain('404')
  })

  it('send digits', async () => {
    await alice.talking(await alice.dial('601'))
    await alice.dtmf('42#')
    await until('Asterisk has read 42', async () => {
      const globals = await rx(asterisk.instance, 'dialplan show globals')
      return /READ=42\b/.test(globals)
    })
  })

  it('transfer a call', async () => {
    const call = await alice.dial('101')
    const atBob = await bob.ringing()
    await bob.accept(atBob)
    await alice.talking(call)
    const before = Date.now()
    await bob.transfer('600')
    await bob.ended(atBob)
    await until('Alice hears her own echo', () => hears(alice.heard(before), aliceHz))
  })

  it('transfer a call after asking', async () => {
    const call = await alice.dial('101')
    const atBob = await bob.ringing()
    await bob.accept(atBob)
    await alice.talking(call)
    const consultation = await bob.talking(await bob.dial('600'))
    const before = Date.now()
    await bob.transferTo(consultation, atBob)
    await bob.ended(atBob)
    await bob.ended(consultation)
    await until('Alice hears her own echo', () => hears(alice.heard(before), aliceHz))
  })

  it('have two calls at once', async () => {
    const first = await alice.talking(await alice.dial('600'))
    const second = await alice.talking(await alice.dial('600'))
    expect(second.id).not.toBe(first.id)
    await alice.hangup(first)
    await alice.ended(first)
    expect(alice.calls().find(({ id }) => id === second.id)?.state).toBe('talking')
  })

  it('hear nothing where nothing is said', async () => {
    const before = Date.now()
    await alice.dial('101')
    await bob.ringing()
    expect(isSilent(bob.heard(before))).toBe(true)
  })
})
