import type { RawSip } from '../../rig/raw-sip.js'
import { numbers, type SiteChanges } from '../../rig/site-text.js'
import { type System, startSystem } from '../../rig/system.js'
import { mallory } from './besieged.js'
import { rawCarrier, rawPhone } from './raw-phones.js'

/** Who says, and hears, SIP as it comes: four phones and a carrier. */
export type Peers = Record<'alice' | 'bob' | 'carol' | 'mallory' | 'carrier', RawSip>

/** A system, Mallory's line among its own, and all of them registered. */
export async function startPeers(
  site: SiteChanges,
): Promise<{ readonly system: System; readonly peers: Peers }> {
  const system = await startSystem(site)
  const peers = {
    alice: await rawPhone(system, numbers.alice, 60),
    bob: await rawPhone(system, numbers.bob, 61),
    carol: await rawPhone(system, numbers.carol, 62),
    mallory: await rawPhone(system, mallory, 63),
    carrier: await rawCarrier(system),
  }
  return { system, peers }
}

/** The next test begins with nothing heard. */
export function forgotten(peers: Peers): void {
  for (const { heard } of Object.values(peers)) heard.splice(0)
}

export async function closed(system: System, peers: Peers): Promise<void> {
  for (const peer of Object.values(peers)) peer.close()
  await system.close()
}
