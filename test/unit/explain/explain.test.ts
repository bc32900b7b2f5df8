import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Directory, directoryOf } from '../../../src/call/directory.js'
import { type Explanation, explain } from '../../../src/call/explain.js'
import { findingOf } from '../../../src/cli/call-words.js'
import { assumedOf, callerOf, instantOf } from '../../../src/cli/explain-state.js'
import { explanationText } from '../../../src/cli/explain-text.js'
import { exampleSite } from '../http/example-site.js'

const site = exampleSite()
const directory = directoryOf(site)
const [accueil, atelier, portier] = site.lines.map(({ number }) => number)

function explained(from: string, to: string, state = '', known = directory): Explanation {
  const caller = callerOf(from, known)
  const said = explain(known, { from: caller, to, assumed: assumedOf(state, known) })
  if (!said) throw new Error(`nobody is ${from}`)
  return said
}

function trace({ steps }: Explanation): string[] {
  return steps.map(({ at, step }) => `${at} ${step}`)
}

describe('a call from a line', () => {
  it.each([
    ['a line rings', '7001', '', ['line', 'ring'], 'ringing'],
    [
      'CFB answers a full line',
      '0972100001',
      `${accueil}=busy`,
      ['line', 'noFreeCallSlot', 'ring'],
      'ringing',
    ],
    [
      'one slot of three is not full',
      '0972100001',
      `${accueil}=busy:1`,
      ['line', 'ring'],
      'ringing',
    ],
    [
      'CFNL leads outside',
      '0972100002',
      '0972100002=unreachable',
      ['line', 'notReachable', 'trunk'],
      'carrier',
    ],
    ['its own limit', '0972100002', `${portier}=busy`, ['ownLimit'], 'refusal'],
    ['a premium number', '0899123456', '', ['classNotAllowed'], 'refusal'],
    [
      'an emergency number with a full line',
      '15',
      `${portier}=busy`,
      ['emergency'],
      'carrier',
    ],
    ['no number', '12x', '', ['malformed'], 'refusal'],
    ['its own voicemail, which it has not', '123', '', ['voicemail'], 'refusal'],
    ['intercom', '36910972100001', '', ['intercom'], 'answered'],
  ])('%s', (_what, to, state, steps, heard) => {
    const said = explained('0972100003', to, state)
    expect(said.steps.map(({ step }) => step)).toEqual(steps)
    expect(said.heard.kind).toBe(heard)
  })

  it('its own limit is 503 to its phone', () => {
    const { heard } = explained('0972100003', '7001', `${portier}=busy`)
    expect(heard).toEqual({ kind: 'refusal', cause: 'noCircuit', q850: 34, sip: 503 })
  })

  it('a forward names who pays for it', () => {
    const said = explained('0972100003', '0972100002', `${atelier}=unreachable`)
    expect(said.forwards).toEqual([
      { by: atelier, kind: 'cfnl', to: '0033612345678', planType: 'priceplan' },
    ])
    expect(said.answer).toMatchObject({ kind: 'trunk', number: '+33612345678' })
  })
})

describe('a call from outside', () => {
  it('to an alias comes to the line behind it', () => {
    expect(trace(explained('+33612345678', '0972200000'))).toEqual([`${accueil} ring`])
  })

  it.each(['7001', '0612345678', '15', '*21#'])('to %s is no call of ours', (to) => {
    const { steps, heard } = explained('0612345678', to)
    expect(steps).toEqual([{ at: '', passed: [], step: 'numberUnknown' }])
    expect(heard).toMatchObject({ kind: 'refusal', sip: 404 })
  })

  it('by somebody who hides is refused where the line refuses it', () => {
    const lines = site.lines.map((line) => ({ ...line, rejectAnonymous: true }))
    const strict = directoryOf({ ...site, lines })
    expect(explained('anonymous', '0972100001', '', strict)).toMatchObject({
      steps: [{ at: accueil, passed: ['incomingList'], step: 'anonymousRejected' }],
      heard: { kind: 'announcement', sip: 403 },
    })
    expect(explained('0612345678', '0972100001', '', strict).heard.kind).toBe('ringing')
  })
})

describe('when nobody answers', () => {
  it('the forwards of the rung line are asked by the same rules', () => {
    const { unanswered } = explained('0972100003', '0972100001', `${atelier}=unreachable`)
    expect(unanswered.map(({ when, next }) => [when, next.heard.kind])).toEqual([
      ['noAnswer', 'voicemail'],
      ['busy', 'carrier'],
      ['notReachable', 'refusal'],
    ])
  })

  it('a call that rings no phone has no sequel', () => {
    expect(explained('0972100003', '0612345678').unanswered).toEqual([])
  })

  it('a line that has forwarded is not asked again', () => {
    const busy = { to: { kind: 'number', number: accueil ?? '' } } as const
    const lines = site.lines.map((line) => ({
      ...line,
      forwarding: { ...line.forwarding, busy },
    }))
    const round: Directory = directoryOf({ ...site, lines })
    const said = explained('0972100003', '0972100002', `${atelier}=busy`, round)
    const busyThen = said.unanswered.find(({ when }) => when === 'busy')?.next
    expect(busyThen?.heard).toMatchObject({ kind: 'refusal', sip: 480 })
  })
})

describe('what is asked', () => {
  it.each([
    ['0972100001=busy', [[accueil, 3]], []],
    ['+33972100001=busy:2,0033972100001=unreachable', [[accueil, 2]], [accueil]],
    ['', [], []],
    [' 0972100002=unreachable , ', [], [atelier]],
  ])('--state %j is read', (text, inUse, unreachable) => {
    const assumed = assumedOf(text, directory)
    expect([...assumed.inUse]).toEqual(inUse)
    expect([...assumed.unreachable]).toEqual(unreachable)
  })

  it.each([
    'busy',
    '0972100001',
    '0972100001=',
    '0972100001=asleep',
    '0972100001=busy:x',
    '0972100001=busy:100',
    '0972100001=unreachable:1',
    '0612345678=busy',
    '7001=busy',
  ])('--state %j is refused', (text) => {
    expect(() => assumedOf(text, directory)).toThrow(/^--state: /)
  })

  it.each(['', '7001', 'nobody', '123', '*21#', '0972200000'])(
    '--from %j is refused',
    (text) => {
      expect(() => callerOf(text, directory)).toThrow(/^--from: /)
    },
  )

  it.each(['', 'now', '31/01/2026', '2026-13-01', '2026-01-31T25:00', '20260131'])(
    '--at %j is refused',
    (text) => expect(() => instantOf(text)).toThrow(/^--at: /),
  )

  it('--at is an instant', () => {
    expect(instantOf('2026-01-31T23:59:50+01:00')).toBe('2026-01-31T22:59:50.000Z')
  })
})

describe('in words', () => {
  const steps = ['arrival', 'departure', 'outcome'].flatMap((file) => {
    const path = new URL(`../../../src/call/${file}.ts`, import.meta.url)
    return [...readFileSync(path, 'utf8').matchAll(/^ {2}\['(\w+)', on/gm)].map(
      ([, name]) => name,
    )
  })

  it.each(steps)('the step %s has some', (step = '') => {
    expect(steps.length).toBeGreaterThan(20)
    expect(findingOf(step)).not.toBe(step)
  })

  it('a feature code: the rule, what is heard, and nothing is changed', () => {
    const text = explanationText(explained('0972100003', '*21*112#'), (number) => number)
    expect(text.slice(-4)).toEqual([
      '  yes  unconditional  unconditional',
      '  yes  codeRules      the rules of settings refuse the change',
      'answer   code refused=true says=number-refused',
      'caller   gets an announcement of what the line does now',
    ])
  })

  it('every step asked is a line, and the answer comes last', () => {
    const text = explanationText(
      explained('0972100003', '0899123456'),
      (number) => number,
    )
    expect(text).toEqual([
      portier,
      '  no   emergency',
      '  no   tooFast',
      '  no   ownLimit',
      '  no   pickup',
      '  no   code',
      '  no   malformed',
      '  no   prefixAlone',
      '  no   shortNumberUnknown',
      '  no   fourthDigit',
      '  no   notInService',
      '  no   voicemail',
      '  no   lock',
      '  no   outgoingList',
      '  no   intercom',
      '  yes  classNotAllowed     a kind of number that the line may not dial',
      'answer   refuse cause=callRejected',
      'caller   gets 403 Forbidden (callRejected, Q.850 21)',
    ])
  })
})
