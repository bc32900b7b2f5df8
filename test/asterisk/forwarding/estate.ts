import { expect } from 'vitest'
import { loseController, slotsInDialplan } from '../../rig/asterisk-console.js'
import type { Phone } from '../../rig/baresip.js'
import { headerValues, type SipMessage } from '../../rig/sip-trace.js'
import { alias, numbers, type SiteChanges } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { until } from '../../rig/until.js'

/** Every table here is run twice: what a line does with a call must not depend on it. */
export const controllers = ['up', 'gone'] as const
export type Controller = (typeof controllers)[number]

/** Lines besides Alice, Bob and Carol, by what they do with a call. Few have a phone. */
export const desk = {
  toBob: '0033972100011',
  toOutside: '0033972100012',
  toAlias: '0033972100013',
  chained: '0033972100014',
  unplugged: '0033972100015',
  toBobsBox: '0033972100016',
  ownBox: '0033972100017',
  softphone: '0033972100018',
  doNotDisturb: '0033972100019',
  absent: '0033972100020',
  noAnonymous: '0033972100021',
  unpluggedOutside: '0033972100022',
  busySoftphone: '0033972100023',
  fax: '0033972100024',
  /** The first of four that forward one after the other, the last to Bob. */
  fourForwards: '0033972100031',
} as const

const { bob, carol } = numbers
const outside = '"0612345678"'

export const estateSite: SiteChanges = {
  morePlans: '  fax: { label: Fax, calls: { included: 1, maximum: 1 }, fax: true }',
  lines: {
    alice: `voicemail: { pin: "824613" }
forwarding:
  noAnswer: { after: 5, to: "${bob}" }
  busy: { to: "${carol}" }
  unreachable: { to: ${outside} }`,
    bob: `voicemail: { pin: "735924" }
forwarding: { noAnswer: { after: 5, to: ${outside} } }`,
    carol: `forwarding: { busy: { to: ${outside} } }`,
  },
  moreLines: {
    [desk.toBob]: `forwarding:
  unconditional: { to: "${bob}" }
  noAnswer: { after: 5, to: "${carol}" }
  busy: { to: "${carol}" }
  unreachable: { to: "${carol}" }`,
    [desk.toOutside]: `forwarding: { unconditional: { to: ${outside} } }`,
    [desk.toAlias]: `forwarding: { unconditional: { to: "${alias}" } }`,
    [desk.chained]: `forwarding: { unconditional: { to: "${desk.toBob}" } }`,
    [desk.unplugged]: `forwarding: { unreachable: { to: "${bob}" } }`,
    [desk.toBobsBox]: `forwarding: { unconditional: { to: { voicemail: "${bob}" } } }`,
    [desk.ownBox]: `voicemail: { pin: "482917" }
forwarding: { unreachable: { to: voicemail } }`,
    [desk.softphone]: `forwarding:
  noAnswer: { after: 5, to: "${bob}" }
  busy: { to: "${bob}" }
  unreachable: { to: "${bob}" }`,
    [desk.doNotDisturb]: `doNotDisturb: true
forwarding: { unconditional: { to: "${bob}" } }`,
    [desk.absent]: `absent: true
forwarding: { unconditional: { to: "${bob}" } }`,
    [desk.noAnonymous]: `rejectAnonymous: true
forwarding: { unconditional: { to: "${bob}" } }`,
    [desk.unpluggedOutside]: `forwarding: { unreachable: { to: ${outside} } }`,
    [desk.busySoftphone]: `forwarding: { busy: { to: "${desk.softphone}" } }`,
    [desk.fax]: `plan: fax
forwarding: { unconditional: { to: fax } }`,
    ...chain(['31', '32', '33', '34']),
  },
}

function chain(lines: readonly string[]): Record<string, string> {
  const entries = lines.map((line, index) => {
    const next = lines[index + 1]
    const to = next === undefined ? bob : `00339721000${next}`
    return [`00339721000${line}`, `forwarding: { unconditional: { to: "${to}" } }`]
  })
  return Object.fromEntries(entries)
}

export type Phones = Readonly<Record<'alice' | 'bob' | 'carol' | 'carrier', Phone>>

/** The estate with its phones, and with or without its controller. */
export async function startEstate(
  controller: Controller,
  changes: SiteChanges = estateSite,
): Promise<{ estate: Estate; phones: Phones }> {
  const system = await startSystem(changes)
  const phones = {
    alice: await system.phone('alice', { toneHz: 440 }),
    bob: await system.phone('bob', { toneHz: 1000 }),
    carol: await system.phone('carol', { toneHz: 700 }),
    carrier: await system.carrier({ toneHz: 1300 }),
  }
  if (controller === 'gone') await loseController(system)
  return { estate: new Estate(system, controller), phones }
}

export class Estate {
  readonly system: System
  readonly controller: Controller

  constructor(system: System, controller: Controller) {
    this.system = system
    this.controller = controller
  }

  /** A line's number as the carrier dials it. */
  dialIn(number: string): string {
    return `sip:+${number.slice(2)}@${this.system.network.system}`
  }

  /** Call slots in use, as whoever decides calls just now counts them. */
  async inUse(number: string): Promise<number> {
    if (this.controller === 'gone') return slotsInDialplan(this.system, number)
    return (await this.system.lineNumbered(number)).calls.inUse
  }

  async expectInUse(number: string, slots: number): Promise<void> {
    await until(
      `${number} uses ${slots} call slots`,
      async () => {
        expect(await this.inUse(number)).toBe(slots)
        return true
      },
      { limitSeconds: 2 },
    )
  }

  async silence(): Promise<void> {
    await this.system.hangUpEverything()
    if (this.controller === 'up') await this.system.expectNothingLeft()
    else await this.system.expectNoChannelLeft()
  }
}

/** The INVITEs that a phone was sent. */
export function invitesTo(phone: Phone): SipMessage[] {
  return phone
    .sip()
    .filter(({ firstLine, way }) => way === 'received' && firstLine.startsWith('INVITE'))
}

/** `sip:+33…` and `reason=…` of the newest INVITE's Diversion; empty without one. */
export function diversionTo(phone: Phone): string[] {
  const invite = invitesTo(phone).at(-1)
  const [diversion = ''] = invite ? headerValues(invite, 'Diversion') : []
  const parts = /<(sip:[^@]+)@.*>.*;(reason=[^;]+)/.exec(diversion)
  return parts ? parts.slice(1) : []
}
