import { setTimeout as pause } from 'node:timers/promises'
import type { Address } from '../model/address.js'
import type { Line } from '../model/line.js'
import { SipPhone, type Trying } from './sip-phone.js'

/** What was tried, and how it went; `skipped` says why nothing could be tried. */
export interface Step {
  readonly step: string
  readonly outcome: 'ok' | 'failed' | 'skipped'
  readonly detail: string
  readonly ms: number
}

/** What the canaries need of the running controller. */
export interface Desk {
  settings(line: string): Promise<{ readonly unconditional: unknown }>
  /** Forwards all calls of a line, or none. */
  forwardAll(line: string, target: unknown): Promise<void>
  inUse(line: string): Promise<number>
}

export interface Canaries {
  readonly sip: Address
  readonly caller: Line
  readonly called: Line
  readonly desk: Desk
}

/**
 * Canary calls between two lines kept for it: they register, one calls the other, a call
 * beyond the limit is refused, a forward leads to voicemail. Whatever happens, all is taken
 * back at the end. No emergency number and no outside number is ever dialled.
 */
export async function verify({ sip, caller, called, desk }: Canaries): Promise<Step[]> {
  const a = new SipPhone(caller.number, caller.password, sip)
  const b = new SipPhone(called.number, called.password, sip)
  const steps: Step[] = []
  const step = async (name: string, work: () => Promise<string>): Promise<void> => {
    const begun = performance.now()
    const [outcome, detail] = await work().then(
      (said) => [said.startsWith('skipped') ? 'skipped' : 'ok', said] as const,
      (error: unknown) =>
        ['failed', error instanceof Error ? error.message : String(error)] as const,
    )
    steps.push({ step: name, outcome, detail, ms: Math.round(performance.now() - begun) })
  }
  try {
    await Promise.all([a.open(), b.open()])
    await step('register', () => registered(a, b))
    await step('call', () => answered(a, b, called))
    await step('limit', () => refusedAtLimit(a, b, caller, called))
    await step('forward', () => forwarded(a, b, called, desk))
    await step('nothing left', () => nothingLeft([caller, called], desk))
  } finally {
    await Promise.allSettled([a.register(0), b.register(0)])
    a.close()
    b.close()
  }
  return steps
}

async function registered(a: SipPhone, b: SipPhone): Promise<string> {
  const answers = await Promise.all([a.register(60), b.register(60)])
  if (answers.some((status) => status !== 200))
    throw new Error(`answered ${answers.join(', ')}`)
  return 'both lines, 200'
}

async function answered(a: SipPhone, b: SipPhone, called: Line): Promise<string> {
  const before = b.rung
  const tried = await a.call(called.number).answer
  if (tried.status !== 200) throw new Error(`the call was answered ${tried.status}`)
  if (b.rung === before) throw new Error('answered, but not by the line that was called')
  await tried.hangUp()
  return 'rang and was answered'
}

/** As many calls as both lines may have, ringing; the next must be refused. */
async function refusedAtLimit(
  a: SipPhone,
  b: SipPhone,
  caller: Line,
  called: Line,
): Promise<string> {
  const full = Math.min(caller.calls, called.calls)
  // Its own limit is asked first (spec D5).
  const wanted = full === caller.calls ? 503 : 486
  const ringing: Trying[] = []
  b.takes = false
  try {
    const before = b.rung
    for (let call = 0; call < full; call++) ringing.push(a.call(called.number))
    for (let waited = 0; b.rung < before + full && waited < 50; waited++) await pause(100)
    if (b.rung !== before + full)
      throw new Error(`${b.rung - before} of ${full} calls rang`)
    const { status } = await a.call(called.number).answer
    if (status !== wanted)
      throw new Error(`call ${full + 1} was answered ${status}, not ${wanted}`)
    return `call ${full + 1} was refused with ${wanted}`
  } finally {
    await Promise.all(ringing.map((each) => each.cancel()))
    b.takes = true
  }
}

async function forwarded(
  a: SipPhone,
  b: SipPhone,
  called: Line,
  desk: Desk,
): Promise<string> {
  if (!called.voicemail) return 'skipped: the line that is called has no voicemail'
  const { unconditional } = await desk.settings(called.number)
  const before = b.rung
  try {
    await desk.forwardAll(called.number, { to: 'voicemail' })
    const tried = await a.call(called.number).answer
    // Hung up within the greeting, no message is left.
    await tried.hangUp()
    if (tried.status !== 200) throw new Error(`voicemail answered ${tried.status}`)
    if (b.rung !== before) throw new Error('the phone rang in spite of the forward')
    return 'voicemail answered, the phone did not ring'
  } finally {
    await desk.forwardAll(called.number, unconditional)
  }
}

async function nothingLeft(lines: readonly Line[], desk: Desk): Promise<string> {
  for (let waited = 0; waited < 50; waited++) {
    const used = await Promise.all(lines.map(({ number }) => desk.inUse(number)))
    if (used.every((count) => count === 0)) return 'no call slot in use'
    await pause(100)
  }
  throw new Error('call slots are still in use')
}
