import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { headerOf, statusOf } from '../../../src/canary/sip-message.js'
import type { Phone } from '../../rig/baresip.js'
import { type Login, RawSip } from '../../rig/raw-sip.js'
import { numbers, passwordOf } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

/** The line whose phone sends what it wants. */
export const mallory = '0033972100011'
export const login: Login = { user: mallory, password: passwordOf(mallory) }

/** A system with two ordinary phones, a carrier, and a line that means harm. */
export class Besieged {
  readonly system: System
  readonly alice: Phone
  readonly bob: Phone
  readonly carrier: Phone
  readonly raw: RawSip
  #pids: readonly number[] = []

  private constructor(
    system: System,
    phones: readonly [Phone, Phone, Phone],
    raw: RawSip,
  ) {
    this.system = system
    ;[this.alice, this.bob, this.carrier] = phones
    this.raw = raw
  }

  static async start(calls = 3): Promise<Besieged> {
    const system = await startSystem({ moreLines: { [mallory]: `calls: ${calls}` } })
    try {
      const alice = await system.phone('alice')
      const bob = await system.phone('bob')
      const carrier = await system.carrier()
      const raw = await RawSip.open(system.network.peer(60), system.network.system)
      const besieged = new Besieged(system, [alice, bob, carrier], raw)
      await besieged.#register()
      besieged.#pids = await besieged.#processes()
      return besieged
    } catch (error) {
      await system.close()
      throw error
    }
  }

  /** So that it can be called back. */
  async #register(): Promise<void> {
    const uri = `sip:${this.system.network.system}`
    const register = this.raw.request({
      ...{ method: 'REGISTER', uri, line: mallory, to: `<${this.raw.uri(mallory)}>` },
      headers: [['Expires', '600']],
    })
    expect(statusOf(await this.raw.asked(register, login))).toBe(200)
  }

  async #processes(): Promise<readonly number[]> {
    return [this.system.asteriskPid(), await this.system.controllerPid()]
  }

  /** The addresses that INVITEs name, phone by phone, those to the carrier last. */
  dialled(): string[] {
    return [this.alice, this.bob, this.carrier]
      .flatMap((phone) => phone.sip())
      .filter(({ firstLine, way }) => way === 'received' && /^INVITE /.test(firstLine))
      .map(({ firstLine }) => firstLine.split(' ')[1] ?? '')
  }

  /** The calls that were written down: what never came to the dialplan is none. */
  async written(): Promise<number> {
    const { body } = await this.system.get('/api/v1/cdr?limit=1000')
    return (body as unknown[]).length
  }

  async inUse(): Promise<number> {
    return (await this.system.lineNumbered(mallory)).calls.inUse
  }

  /** One of Asterisk's own logs. */
  log(name: string): string {
    return readFileSync(join(this.system.state, 'log', name), 'utf8')
  }

  /** Bob answers what rings next; Mallory's call is up. */
  async talking(): Promise<Awaited<ReturnType<RawSip['called']>>> {
    const answered = this.bob.ringing().then((call) => this.bob.accept(call))
    const dialog = await this.raw.called(
      { uri: this.raw.uri(numbers.bob), line: mallory },
      login,
    )
    await answered
    expect(headerOf(dialog.answer, 'To')).toContain(';tag=')
    return dialog
  }

  /**
   * Returns when Asterisk has read all that was sent before, and dropped what it drops: a
   * socket is read in order, and what was sent last has its answer.
   */
  async dealtWith(): Promise<void> {
    const uri = `sip:${this.system.network.system}`
    await this.raw.exchange(this.raw.request({ method: 'OPTIONS', uri, line: mallory }))
  }

  async silence(): Promise<void> {
    await this.system.hangUpEverything()
    await this.system.expectNothingLeft()
  }

  /** The same processes as at the beginning, and two lines call each other. */
  async expectAsEver(): Promise<void> {
    expect(await this.#processes()).toEqual(this.#pids)
    await this.alice.dial(numbers.bob)
    await this.bob.accept(await this.bob.ringing())
    await this.alice.talking()
    await until(
      'both slots count',
      async () => (await this.system.line('bob')).calls.inUse === 1,
    )
    await this.silence()
  }

  async close(): Promise<void> {
    this.raw.close()
    await this.system.close()
  }
}
