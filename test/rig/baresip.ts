import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PhoneOptions } from './baresip-config.js'
import { controlPort, writeBaresipFolder } from './baresip-config.js'
import type { PhoneEvent } from './baresip-control.js'
import { BaresipControl } from './baresip-control.js'
import type { Capture } from './capture.js'
import { startCapture } from './capture.js'
import type { PhoneCall } from './phone-calls.js'
import { phoneCalls } from './phone-calls.js'
import { endProgram, hasEnded, phoneTree, startProgram } from './phone-tree.js'
import type { SipMessage } from './sip-trace.js'
import { replacesTarget, sipMessages } from './sip-trace.js'
import type { SoundStream } from './sound-stream.js'
import { mixed } from './sound-stream.js'
import { until } from './until.js'

const logName = 'baresip.log'

/**
 * Starts a real SIP phone.
 *
 *     const alice = await startPhone({ number, password, server, address, toneHz: 440 })
 *     await alice.registered()
 *     await alice.dial('0033972100002')
 *     await bob.accept(await bob.ringing())
 *     await until('Alice hears Bob', () => hears(alice.heard(), 1000))
 *     await alice.close()
 */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const dir = mkdtempSync(join(tmpdir(), 'lk-phone-'))
  writeBaresipFolder(dir, join(phoneTree(), 'usr/lib/baresip/modules'), options)
  const capture = await startCapture(options.address, dir)
  // -s: every SIP message goes to the log.
  const child = startProgram('baresip', ['-f', dir, '-s'], { cwd: dir, log: logName })
  const printed = (): string => readFileSync(join(dir, logName), 'utf8')
  try {
    await until(
      'the phone is ready',
      () => {
        if (hasEnded(child)) throw new Error('the phone ended')
        return printed().includes('baresip is ready')
      },
      { saw: printed },
    )
    const control = await BaresipControl.open(options.address, controlPort)
    return new Phone(options, { dir, child, control, capture })
  } catch (error) {
    await endProgram(child, 'SIGKILL')
    await capture.close()
    throw error
  }
}

type Parts = {
  dir: string
  child: ChildProcess
  control: BaresipControl
  capture: Capture
}

/**
 * A phone. Methods that take a `call` mean the phone's current call when it is left out:
 * the one answered or dialled last.
 */
export class Phone {
  readonly options: PhoneOptions
  private readonly parts: Parts

  constructor(options: PhoneOptions, parts: Parts) {
    this.options = options
    this.parts = parts
  }

  /** Everything it told since it was started, oldest first. */
  get events(): PhoneEvent[] {
    return this.parts.control.events
  }

  /** Waits until the system has accepted its registration. */
  async registered(limitSeconds = 5): Promise<void> {
    await until(
      `${this.options.number} is registered`,
      async () => {
        // ctrl_tcp tells only what comes after it was connected; reginfo tells the state.
        const info = await this.parts.control.command('reginfo')
        return info.includes('OK ')
      },
      { limitSeconds, saw: () => this.log().slice(-1500) },
    )
  }

  /** Dials a number, or a whole SIP address. Returns once the INVITE is sent. */
  async dial(number: string): Promise<PhoneCall> {
    const { server, transport = 'udp' } = this.options
    const uri = number.startsWith('sip:')
      ? number
      : `sip:${number.replaceAll('#', '%23')}@${server};transport=${transport}`
    const answer = await this.parts.control.command('dial', uri)
    const id = /call id: (\S+)/.exec(answer)?.[1]
    if (!id) throw new Error(`dial ${number}: baresip said ${answer}`)
    return this.calls().find((call) => call.id === id) ?? outgoing(id, uri)
  }

  /** Waits for an incoming call that rings. */
  ringing(limitSeconds = 5): Promise<PhoneCall> {
    return this.untilCall('is called', limitSeconds, (call) => {
      return call.direction === 'incoming' && call.state === 'ringing'
    })
  }

  /** Waits until a call, or any, has been answered. */
  talking(call?: PhoneCall, limitSeconds = 5): Promise<PhoneCall> {
    return this.untilCall('talks', limitSeconds, (one) => {
      return one.state === 'talking' && (!call || one.id === call.id)
    })
  }

  /** Waits until a call is over; its `reason` says why. */
  ended(call: PhoneCall, limitSeconds = 5): Promise<PhoneCall> {
    return this.untilCall('is rid of its call', limitSeconds, (one) => {
      return one.state === 'ended' && one.id === call.id
    })
  }

  /** All its calls since it was started, oldest first. */
  calls(): PhoneCall[] {
    return phoneCalls(this.events)
  }

  async accept(call?: PhoneCall): Promise<void> {
    await this.choose(call)
    await this.parts.control.command('accept')
  }

  /** Ends a call, or refuses one that rings (486). */
  async hangup(call?: PhoneCall): Promise<void> {
    await this.parts.control.command('hangup', call?.id)
  }

  async hangupAll(): Promise<void> {
    await this.parts.control.ask('hangupall')
  }

  async hold(call?: PhoneCall): Promise<void> {
    await this.choose(call)
    await this.parts.control.command('hold')
  }

  async resume(call?: PhoneCall): Promise<void> {
    await this.choose(call)
    // baresip answers that this failed when it did not.
    await this.parts.control.ask('resume')
  }

  /** Sends digits as telephone events, one by one. */
  async dtmf(digits: string, call?: PhoneCall): Promise<void> {
    await this.choose(call)
    for (const digit of digits) {
      await this.parts.control.command('sndcode', digit)
    }
  }

  /** A blind transfer of the other party to a number or a SIP address (REFER). */
  async transfer(number: string, call?: PhoneCall): Promise<void> {
    await this.choose(call)
    const uri = number.startsWith('sip:')
      ? number
      : `sip:${number.replaceAll('#', '%23')}@${this.options.server}`
    await this.parts.control.command('transfer', uri)
  }

  /**
   * An attended transfer: joins the other party of `call` with that of `consultation`,
   * by a REFER whose target replaces the consultation call (RFC 5589 §7).
   */
  async transferTo(consultation: PhoneCall, call: PhoneCall): Promise<void> {
    const target = replacesTarget(this.sip(), consultation)
    await this.choose(call)
    await this.parts.control.command('transfer', target)
  }

  /** What came to its ear, all calls together, since a moment (`Date.now()`) or ever. */
  heard(sinceMs?: number): Int16Array {
    return mixed(this.streams(), sinceMs)
  }

  /** The same, call by call, in the order in which their sound began. */
  streams(): SoundStream[] {
    return this.parts.capture.streams()
  }

  /** Every SIP message it sent and received. */
  sip(): SipMessage[] {
    return sipMessages(this.log(), this.options.address)
  }

  /** All that baresip printed. */
  log(): string {
    return readFileSync(join(this.parts.dir, logName), 'utf8')
  }

  /** Pulls the plug: no BYE, no unregistering. `close` is still to be called. */
  async unplug(): Promise<void> {
    await endProgram(this.parts.child, 'SIGKILL')
  }

  /** Hangs up, unregisters, ends, and removes its folder. */
  async close(): Promise<void> {
    this.parts.control.close()
    await endProgram(this.parts.child)
    await this.parts.capture.close()
    rmSync(this.parts.dir, { recursive: true, force: true })
  }

  private async choose(call?: PhoneCall): Promise<void> {
    if (call) await this.parts.control.command('callfind', call.id)
  }

  private untilCall(
    what: string,
    limitSeconds: number,
    matches: (call: PhoneCall) => boolean,
  ): Promise<PhoneCall> {
    return until(`${this.options.number} ${what}`, () => this.calls().find(matches), {
      limitSeconds,
      saw: () => this.calls(),
    })
  }
}

/** Before the first event of a call has come. */
function outgoing(id: string, peer: string): PhoneCall {
  return {
    id,
    direction: 'outgoing',
    peer,
    peerName: '',
    state: 'calling',
    reason: '',
    digits: '',
  }
}
