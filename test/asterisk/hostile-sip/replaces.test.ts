import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { headerOf, statusOf } from '../../../src/canary/sip-message.js'
import { type Dialog, dialogOf } from '../../rig/raw-sip.js'
import { numbers, outsider } from '../../rig/site-text.js'
import type { System } from '../../rig/system.js'
import { until } from '../../rig/until.js'
import { mallory } from './besieged.js'
import { closed, forgotten, type Peers, startPeers } from './peers.js'
import {
  calls,
  callsIn,
  dialIn,
  invitesTo,
  lastReport,
  replacing,
  silence,
  takes,
  talks,
} from './raw-phones.js'

/**
 * Rows S25 and S26 of the bad-input corpus. Asterisk obeys a Replaces, in an INVITE or a
 * Refer-To, whoever sends it, if it names a call and both its tags (RFC 3891): no option of
 * it asks whose call that is. So what keeps strangers out is that they cannot name it.
 */

const { alice, bob, carol } = numbers

let system: System
let peers: Peers

beforeAll(async () => {
  ;({ system, peers } = await startPeers({
    moreLines: { [mallory]: 'calls: 3\ngroup: other' },
  }))
})
afterEach(async () => {
  await silence(system)
  forgotten(peers)
})
afterAll(() => closed(system, peers))

async function inUse(line: string): Promise<number> {
  return (await system.lineNumbered(line)).calls.inUse
}

/** The carrier calls Carol, who takes it. */
async function carrierTalks(): Promise<Dialog> {
  const { carrier } = peers
  takes(peers.carol)
  const uri = carrier.uri(dialIn(carol))
  const invite = carrier.invite({ uri, line: outsider })
  const dialog = dialogOf(invite, await carrier.exchange(invite))
  carrier.send(carrier.within(dialog, 'ACK', { cseq: dialog.cseq }))
  return dialog
}

describe('somebody else’s call', () => {
  /** What of its `Replaces` a stranger has wrong: he cannot know the tags. */
  const wrong = {
    'a tag': (right: string) => right.replace(/to-tag=[^;]+/, 'to-tag=guessed'),
    'both tags': (right: string) => `${right.split(';')[0]};to-tag=a;from-tag=b`,
    'the call': () => 'nosuch;to-tag=a;from-tag=b',
    'all of it': () => 'x'.repeat(2000),
    'its state, which is not early': (right: string) => `${right};early-only`,
  }
  type Wrong = keyof typeof wrong
  const each = Object.keys(wrong) as Wrong[]

  async function expectIntact(stranger: string): Promise<void> {
    expect([await inUse(alice), await inUse(bob)]).toEqual([1, 1])
    const legs = (await system.ari('channels')) as readonly { name: string }[]
    expect(legs.filter(({ name }) => name.includes(stranger)).length).toBeLessThan(2)
  }

  test.each(each.slice(0, 4))(
    'S25 REFER with Replaces, %s wrong: refused',
    async (what) => {
      const theirs = await talks(peers.alice, alice, peers.bob, bob)
      const own = await talks(peers.mallory, mallory, peers.carol, carol)
      const replaces = encodeURIComponent(wrong[what](replacing(theirs)))
      const target = `<${peers.mallory.uri('x')}?Replaces=${replaces}>`
      const refer = peers.mallory.within(own, 'REFER', {
        headers: [['Refer-To', target]],
      })
      expect(statusOf(await peers.mallory.exchange(refer))).toBe(202)
      await until('it has failed', () => /^SIP\/2.0 4/.test(lastReport(peers.mallory)))
      await expectIntact(mallory)
    },
  )

  test.each(each.filter((what) => what !== 'all of it'))(
    'S26 INVITE with Replaces, %s wrong: refused',
    async (what) => {
      const theirs = await talks(peers.alice, alice, peers.bob, bob)
      const replaces = wrong[what](replacing(theirs))
      const answer = await calls(peers.mallory, mallory, bob, [['Replaces', replaces]])
      expect([481, 486]).toContain(statusOf(answer))
      await expectIntact(mallory)
    },
  )

  test.each(each.slice(1, 3))(
    'S26 INVITE with Replaces from the carrier, %s wrong: refused',
    async (what) => {
      const theirs = await talks(peers.alice, alice, peers.bob, bob)
      const headers = [['Replaces', wrong[what](replacing(theirs))]] as const
      const answer = await callsIn(peers.carrier, dialIn(bob), { headers })
      expect(statusOf(answer)).toBe(481)
      await expectIntact('carrier')
    },
  )

  // `allow_transfer=no` of a trunk, whatever the carrier knows of other calls.
  test('S25 REFER of the carrier, nothing wrong: refused', async () => {
    const theirs = await talks(peers.alice, alice, peers.bob, bob)
    const replaces = encodeURIComponent(replacing(theirs))
    const target = `<${peers.carrier.uri('x')}?Replaces=${replaces}>`
    const refer = peers.carrier.within(await carrierTalks(), 'REFER', {
      headers: [['Refer-To', target]],
    })
    expect(statusOf(await peers.carrier.exchange(refer))).toBe(603)
    await expectIntact('carrier')
  })

  // 122 bits of chance (RFC 9562 §5.4). The Call-ID of a leg to a phone is one more.
  test('S25 S26 each leg has a tag of ours that nobody guesses', async () => {
    const version4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
    const tags: string[] = []
    for (let call = 0; call < 2; call++) {
      const { to } = await talks(peers.alice, alice, peers.bob, bob)
      const invite = invitesTo(peers.bob).at(-1)
      if (!invite) throw new Error('Bob has had no INVITE')
      const ours = [to, headerOf(invite, 'From')]
      tags.push(...ours.map((party) => /;tag=([^;]+)/.exec(party)?.[1] ?? ''))
      expect(headerOf(invite, 'Call-ID')).toMatch(version4)
      await silence(system)
    }
    for (const tag of tags) expect(tag).toMatch(version4)
    expect(new Set(tags).size).toBe(4)
  })
})
