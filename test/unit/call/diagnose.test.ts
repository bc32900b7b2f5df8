import { describe, expect, it } from 'vitest'
import { diagnose, type Symptoms } from '../../../src/call/diagnose.js'
import { exampleSite } from '../http/example-site.js'

const [line] = exampleSite().lines
if (!line) throw new Error('the example has no line')

/** An idle phone that is registered, of a line without any service. */
const well: Symptoms = {
  line: { ...line, forwarding: {} },
  registered: true,
  contact: { address: '192.0.2.7:5060', userAgent: 'baresip' },
  lastSeen: { address: '192.0.2.7:5060', atMs: 1_000 },
  failures: [],
  inUse: 0,
  dialled: undefined,
}

const seen = { address: '192.0.2.9:5060', atMs: 2_000 }
const cfu = {
  unconditional: { to: { kind: 'number', number: '0033612345678' } },
} as const

describe('the diagnosis of a phone that does not ring (spec A14)', () => {
  it('begins with the plug, and finds nothing else when all is well', () => {
    const { checks, verdict } = diagnose(well)
    expect(verdict).toBeNull()
    expect(checks[0]).toMatchObject({ check: 'powerCycle', state: 'reminder' })
    expect(checks.slice(1).every(({ state }) => state === 'passed')).toBe(true)
  })

  it.each<[string, Partial<Symptoms>, string | null]>([
    ['a phone that is not registered', { registered: false }, 'registered'],
    [
      'a forward of every call (E59)',
      { line: { ...well.line, forwarding: cfu } },
      'unconditional',
    ],
    ['absent', { line: { ...well.line, absent: true } }, 'absent'],
    ['do not disturb', { line: { ...well.line, doNotDisturb: true } }, 'doNotDisturb'],
    [
      'a contact that is not called',
      { misregistered: 'sip:x@192.0.2.1' },
      'misregistered',
    ],
    [
      'such a contact that does not answer either',
      { misregistered: 'sip:x@192.0.2.1', registered: false },
      'misregistered',
    ],
    ['every call slot in use', { inUse: 3 }, 'callSlots'],
    ['one call slot in use', { inUse: 1 }, null],
    [
      'hidden callers refused: others ring',
      { line: { ...well.line, rejectAnonymous: true } },
      null,
    ],
    [
      'a locked phone: it is called all the same',
      { line: { ...well.line, lock: { pin: line.password, active: true } } },
      null,
    ],
    ['a wrong password of somebody else', { failures: [seen] }, null],
    ['Asterisk away', { registered: undefined }, null],
    [
      'not registered, and forwarded: the first in the list',
      { registered: false, line: { ...well.line, forwarding: cfu } },
      'registered',
    ],
  ])('of %s', (_what, symptoms, verdict) => {
    expect(diagnose({ ...well, ...symptoms }).verdict).toBe(verdict)
  })

  it('tells where the phone was last seen (E60), and wrong passwords since', () => {
    const { checks } = diagnose({
      ...well,
      registered: false,
      contact: undefined,
      failures: [seen],
    })
    const found = new Map(
      checks.map(({ check, state, facts }) => [check, { state, facts }]),
    )
    expect(found.get('registered')).toEqual({
      ...{ state: 'stopped', facts: { lastSeen: well.lastSeen } },
    })
    expect(found.get('authentication')).toEqual({
      ...{ state: 'warned', facts: { failures: [seen] } },
    })
  })

  it.each([
    ['7999', 'shortNumberUnknown', 'stopped', 'shortNumberMissing'],
    ['2001', 'notInService', 'stopped', 'shortNumberMissing'],
    ['0972999999', 'notInService', 'stopped', 'notInService'],
    ['7001', 'line', 'passed', 'line'],
  ])('of dialling %s in vain (E55)', (number, step, state, said) => {
    const { checks } = diagnose({ ...well, dialled: { number, step } })
    expect(checks[1]).toEqual({ check: 'dialled', state, facts: { number, step: said } })
  })
})
