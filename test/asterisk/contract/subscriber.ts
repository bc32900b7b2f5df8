import { expect } from 'vitest'
import { consoleOf } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { numbers, type Person, type SiteChanges } from '../../rig/site-text.js'
import { type Ended, type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

/** The plans of the guides: Carol has Découverte, and may come to Affaires. */
export const plans: SiteChanges = {
  morePlans:
    '  affaires: { label: Affaires, calls: { included: 2, maximum: 99, extraPrice: "1.00" }, upgradesFrom: [decouverte] }',
}

/** A system whose calendar begins at an instant. */
export async function startAt(
  clock: string,
  changes: SiteChanges = {},
): Promise<Subscribers> {
  const environment = { LINEKEEPER_CLOCK: clock }
  return new Subscribers(await startSystem({ ...plans, ...changes }, environment))
}

/** A system, and what its operator and its back office do. */
export class Subscribers {
  readonly system: System

  constructor(system: System) {
    this.system = system
  }

  /** A command on this system; it must succeed unless another exit code is given. */
  async run(words: string, exitCode = 0): Promise<Ended> {
    const ended = await this.system.run(...words.split(' '), '--dir', this.system.state)
    expect(ended, ended.stderr).toMatchObject({ exitCode })
    return ended
  }

  async order(person: Person, calls: number): Promise<string> {
    const words = `calls-change ${numbers[person]} ${calls} --accept-terms --json`
    return (JSON.parse((await this.run(words)).stdout) as { id: string }).id
  }

  pay(id: string): Promise<Ended> {
    return this.run(`order pay ${id}`)
  }

  /** `up` again, at another instant of the calendar. */
  async restartAt(clock: string): Promise<void> {
    await this.system.down()
    await this.upAt(clock)
  }

  async upAt(clock: string): Promise<void> {
    this.system.environment = { LINEKEEPER_CLOCK: clock }
    await this.system.up()
  }

  dialIn(person: Person): string {
    return `sip:+${numbers[person].slice(2)}@${this.system.network.system}`
  }

  async limit(person: Person): Promise<number> {
    return (await this.system.line(person)).calls.limit
  }

  /** What the dialplan goes by when there is no controller. */
  mirroredLimit(person: Person): Promise<string> {
    return consoleOf(this.system, `database get lk_line ${numbers[person]}`)
  }

  async expectInUse(person: Person, slots: number): Promise<void> {
    await until(
      `${person} uses ${slots} call slots`,
      async () => (await this.system.line(person)).calls.inUse === slots,
      { limitSeconds: 5 },
    )
  }

  /** Calls, and is answered. */
  async connect(caller: Phone, number: string, called: Phone): Promise<void> {
    const call = await caller.dial(number)
    await called.accept(await called.ringing())
    await caller.talking(call)
  }

  async silence(): Promise<void> {
    await this.system.hangUpEverything()
    await this.system.expectNothingLeft()
  }
}
