import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Phone } from '../../rig/baresip.js'
import { numbers } from '../../rig/site-text.js'
import { startSystem, type System } from '../../rig/system.js'
import { hears } from '../../rig/tone.js'
import { until } from '../../rig/until.js'
let system: System
let alice: Phone
let bob: Phone
let carrier: Phone
beforeAll(async () => {
  system = await startSystem({ lines: { alice: 'callWaiting: { beep: "off" }' } })
  alice = await system.phone('alice', { toneHz: 700 })
  bob = await system.phone('bob', { toneHz: 1000 })
  carrier = await system.carrier({ toneHz: 1600 })
})
afterEach(async () => {
  await system.hangUpEverything()
  await system.expectNothingLeft()
})
afterAll(() => system.close())
async function show(what: string) {
  const c = (await system.ari('channels')) as { name: string; state: string; dialplan: { context: string; exten: string; app_name: string } }[]
  const l = (await system.get('/api/v1/lines')).body as { name: string; calls: { holdings: { kind: string; state: string }[] } }[]
  console.log(what, c.map((x) => `${x.name} ${x.state} ${x.dialplan.context},${x.dialplan.exten} ${x.dialplan.app_name}`), l.map((x) => `${x.name}: ${x.calls.holdings.map((h) => `${h.kind}/${h.state}`)}`))
}
const frags = (p: Phone, n = 3) => p.sip().filter((m) => m.firstLine.startsWith('NOTIFY') || m.firstLine.startsWith('REFER') || m.text.includes('CSeq: ') && /CSeq: \d+ REFER/.test(m.text)).slice(-n * 2).map((m) => `${m.way} ${m.firstLine} ${m.text.trim().split('\n').at(-1)}`)
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms))
async function xCalls() {
  const out = await carrier.dial(`sip:+${numbers.alice.slice(2)}@${system.network.system}`)
  const call = await alice.ringing()
  await alice.accept(call)
  await carrier.talking(out)
  await until('alice hears X', () => hears(alice.heard(), 1600))
  return call
}
test('attended', async () => {
  const call = await xCalls()
  const consult = await alice.dial(numbers.bob)
  await bob.accept(await bob.ringing())
  await alice.talking(consult)
  await show('consult')
  const at = Date.now()
  await alice.transferTo(consult, call)
  await pause(1000)
  await show('after')
  console.log(frags(alice), hears(bob.heard(at), 1600), hears(carrier.heard(at), 1000))
  console.log(system.log().split('\n').slice(-8).join('\n'))
})
test('semi', async () => {
  const call = await xCalls()
  const consult = await alice.dial(numbers.bob)
  const b = await bob.ringing()
  await pause(200)
  await alice.hold(call)
  const text = alice.sip().findLast((m) => m.firstLine === 'SIP/2.0 180 Ringing')
  console.log(text?.text)
  const at = Date.now()
  try { await alice.transferTo(consult, call) } catch (e) { console.log(String(e)) }
  await pause(500)
  await show('after semi')
  await bob.accept(b)
  await pause(800)
  console.log(frags(alice), hears(bob.heard(at), 1600), hears(carrier.heard(at), 1000))
})
test('blind', async () => {
  const call = await xCalls()
  const at = Date.now()
  await alice.transfer(numbers.bob, call)
  const b = await bob.ringing()
  await show('blind ringing')
  await bob.accept(b)
  await pause(800)
  await show('blind answered')
  console.log(frags(alice), hears(bob.heard(at), 1600), hears(carrier.heard(at), 1000))
})
test('blind refused', async () => {
  const call = await xCalls()
  await alice.transfer('0899123456', call)
  const at = Date.now()
  const r = await alice.ringing()
  console.log('recall after', Date.now() - at)
  await show('recalled')
  await alice.accept(r)
  await pause(800)
  await show('recall answered')
  console.log(frags(alice), hears(alice.heard(at), 1600), hears(carrier.heard(at), 700))
  console.log(system.log().split('\n').slice(-8).join('\n'))
})
