import { describe, expect, it } from 'vitest'
import { changeSettings } from '../../../src/call/change-settings.js'
import { directoryOf } from '../../../src/call/directory.js'
import { settingsView } from '../../../src/http/live-view.js'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import type { SettingsChange } from '../../../src/model/settings.js'
import { PhoneBook } from '../../scenario/phone-book.js'

const ALICE = '0033972100001'
const BOB = '0033972100002'
const MOBILE = '0033612345678'
const toMobile = { to: { kind: 'number', number: MOBILE } } as const
const toAlice = { to: { kind: 'number', number: ALICE } } as const

/** Alice, whom each row is about; bob, carol with a box, and a fax line. */
function book(alice: Partial<Line> = {}, bob: Partial<Line> = {}): PhoneBook {
  const made = new PhoneBook()
  made.declare('line', 'alice', { plan: 'hours', ...alice })
  made.declare('line', 'bob', bob)
  made.declare('line', 'carol', { voicemail: { pin: new Secret('204060') } })
  made.declare('alias', 'main', { to: 'alice' })
  made.declare('plan', 'fax', { fax: true })
  made.declare('plan', 'hours', { mobile: { hours: 2 } })
  return made
}

function change(
  wanted: SettingsChange,
  alice: Partial<Line> = {},
  bob: Partial<Line> = {},
) {
  const directory = directoryOf(book(alice, bob).site())
  const line = directory.lines.get(ALICE)
  if (!line) throw new Error('no Alice')
  return changeSettings(line, wanted, directory)
}

/** What Alice has afterwards, as the API shows it. */
function shownAfter(wanted: SettingsChange, alice: Partial<Line> = {}) {
  const changed = change(wanted, alice)
  if (changed.kind === 'changed') return settingsView(changed.line)
  throw new Error(changed.findings.map(({ message }) => message).join('; '))
}

function refusals(
  wanted: SettingsChange,
  alice: Partial<Line> = {},
  bob: Partial<Line> = {},
) {
  const changed = change(wanted, alice, bob)
  if (changed.kind === 'changed') return []
  return changed.findings.map(({ code, path }) => `${path.join('.')} ${code}`)
}

describe('a forward', () => {
  const cfu = { forwarding: { unconditional: toMobile } }
  const off = { rememberedForwards: { unconditional: toMobile } }
  const cfnr = { forwarding: { noAnswer: { after: 45, ...toMobile } } }

  it.each<[string, SettingsChange, Partial<Line>, unknown, unknown]>([
    ['is set', set({ to: '06 12 34 56 78' }), {}, { to: MOBILE }, null],
    [
      'is set and off',
      set({ to: '0612345678', active: false }),
      {},
      null,
      { to: MOBILE },
    ],
    ['is replaced', set({ to: BOB }), cfu, { to: BOB }, null],
    ['set forgets what was kept', set({ to: BOB }), off, { to: BOB }, null],
    ['is switched off and kept', set({ active: false }), cfu, null, { to: MOBILE }],
    ['is switched on again', set({ active: true }), off, { to: MOBILE }, null],
    ['is on already', set({ active: true }), cfu, { to: MOBILE }, null],
    ['is off already', set({ active: false }), {}, null, null],
    ['is cleared and forgotten', set(null), cfu, null, null],
    ['that was kept is forgotten', set(null), off, null, null],
    ['of which nothing is said stays', {}, cfu, { to: MOBILE }, null],
    ['with nothing in it stays', set({}), off, null, { to: MOBILE }],
  ])('%s', (_what, wanted, alice, forward, remembered) => {
    const { forwarding, rememberedForwards } = shownAfter(wanted, alice)
    expect(forwarding.unconditional).toEqual(forward)
    expect(rememberedForwards.unconditional).toEqual(remembered)
  })

  it.each<[string, SettingsChange, Partial<Line>, unknown]>([
    ['is 20 s where nobody says', noAnswer({ to: MOBILE }), {}, 20],
    ['is what is said', noAnswer({ to: MOBILE, after: 5 }), {}, 5],
    ['stays with another target', noAnswer({ to: BOB }), cfnr, 45],
    ['changes alone', noAnswer({ after: 60 }), cfnr, 60],
    ['comes back with the target', noAnswer({ active: true }), keptFor(45), 45],
    ['of a forward that is off is kept', noAnswer({ after: 7 }), keptFor(45), null],
  ])('the delay %s', (_what, wanted, alice, seconds) => {
    expect(shownAfter(wanted, alice).forwarding.noAnswer?.after ?? null).toBe(seconds)
  })

  it.each<[string, unknown, string[]]>([
    ['the line itself', ALICE, ['forward.loop']],
    ['its alias', 'main', ['forward.loop']],
    ['an emergency number', '112', ['forward.class']],
    ['a premium number', '0899123456', ['forward.class']],
    ['a number abroad', '+49301234567', ['forward.class']],
    ['a satellite', '+881612345678', ['forward.class']],
    ['the intercom', `3691${BOB}`, ['number.format']],
    ['a code', '*21#', ['number.format']],
    ['a short number', '7001', ['number.format']],
    ['words', 'my mobile', ['number.format']],
    ['its own voicemail, which it has not', 'voicemail', ['ref.missing']],
    ['the voicemail of a line without', { voicemail: BOB }, ['ref.missing']],
    ['the voicemail of nobody', { voicemail: '0972109999' }, ['ref.missing']],
    ['a fax, without a fax plan', 'fax', ['forward.fax']],
  ])('to %s is refused', (_what, to, codes) => {
    const target = to === 'main' ? book().number('main') : (to as string)
    const wanted = set({ to: target })
    expect(refusals(wanted)).toEqual(
      codes.map((code) =>
        expect.stringMatching(`^forwarding.unconditional.to.* ${code}$`),
      ),
    )
  })

  it('to what is allowed is not', () => {
    expect(refusals(set({ to: { voicemail: '0972100003' } }))).toEqual([])
    expect(refusals(set({ to: 'fax' }), { plan: 'fax' })).toEqual([])
    const outgoing = { special: false, international: true }
    expect(refusals(set({ to: '+49301234567' }), { outgoing })).toEqual([])
  })

  it('with nothing kept cannot be switched on', () => {
    expect(refusals(set({ active: true }))).toEqual([
      'forwarding.unconditional forward.unknown',
    ])
  })

  it('closes no circle over another line, by whichever of its forwards', () => {
    const bob = { forwarding: { noAnswer: { after: 20, ...toAlice } } }
    const wanted = { forwarding: { busy: { to: BOB }, unconditional: { to: MOBILE } } }
    expect(refusals(wanted, {}, bob)).toEqual(['forwarding.busy.to forward.loop'])
    // One that is off leads nowhere, until it is switched on.
    expect(
      refusals({ forwarding: { busy: { to: BOB, active: false } } }, {}, bob),
    ).toEqual([])
    const kept = {
      rememberedForwards: { busy: { to: { kind: 'number', number: BOB } } },
    } as const
    expect(refusals({ forwarding: { busy: { active: true } } }, kept, bob)).toEqual([
      'forwarding.busy.to forward.loop',
    ])
  })

  it('makes no chain of six, whoever made the first five', () => {
    const made = new PhoneBook()
    const names = ['one', 'two', 'three', 'four', 'five', 'six']
    for (const name of names) made.declare('line', name, {})
    names.slice(0, 5).forEach((name, at) => {
      const to = { kind: 'number', number: made.number(names[at + 1] ?? '') } as const
      made.change(name, { forwarding: { unconditional: { to } } })
    })
    const directory = directoryOf(made.site())
    const last = directory.lines.get(made.number('six'))
    if (!last) throw new Error('no line six')
    expect(changeSettings(last, set({ to: MOBILE }), directory)).toMatchObject({
      kind: 'refused',
      findings: [{ code: 'forward.depth', path: ['forwarding', 'unconditional', 'to'] }],
    })
  })

  it('that is not touched is not judged: other settings go on changing', () => {
    const odd = {
      forwarding: { busy: { to: { kind: 'number', number: '0033899123456' } } },
    } as const
    expect(refusals({ doNotDisturb: true }, odd)).toEqual([])
  })

  it('that is allowed no longer can be switched off, and not on again', () => {
    const premium = { to: { kind: 'number', number: '0033899123456' } } as const
    const on = { forwarding: { unconditional: premium } }
    const kept = { rememberedForwards: { unconditional: premium } }
    expect(refusals(set({ active: false }), on)).toEqual([])
    expect(refusals(set(null), on)).toEqual([])
    expect(refusals(set({ active: true }), kept)).toEqual([
      'forwarding.unconditional.to forward.class',
    ])
    expect(refusals(set({ to: '112', active: false }))).toEqual([
      'forwarding.unconditional.to forward.class',
    ])
  })

  it('is refused with every reason at once, and then nothing is changed', () => {
    const wanted = {
      ...{ doNotDisturb: true, lock: { pin: new Secret('2100') } },
      forwarding: { unconditional: { to: '112' }, busy: { to: 'fax' } },
    }
    expect(refusals(wanted)).toEqual([
      'forwarding.unconditional.to forward.class',
      'forwarding.busy.to forward.fax',
      'lock.pin pin.weak',
    ])
  })

  function set(unconditional: unknown): SettingsChange {
    return { forwarding: { unconditional } } as SettingsChange
  }

  function noAnswer(wanted: unknown): SettingsChange {
    return { forwarding: { noAnswer: wanted } } as SettingsChange
  }

  function keptFor(seconds: number): Partial<Line> {
    return { rememberedForwards: { noAnswer: { after: seconds, ...toMobile } } }
  }
})

describe('the lock', () => {
  const pin = (text: string) => new Secret(text)

  it.each<[string, SettingsChange['lock'], Partial<Line>, unknown]>([
    ['without a PIN of its own has the default one', { active: true }, {}, [true, true]],
    ['has the PIN that is set', { pin: pin('2580'), active: true }, {}, [true, false]],
    ['may have a PIN and be open', { pin: pin('2580') }, {}, [false, false]],
    [
      'that opens without a PIN of its own is none',
      { active: false },
      locked('0000'),
      null,
    ],
    ['opens and keeps its PIN', { active: false }, locked('2580'), [false, false]],
    ['cleared is open, with the default PIN', null, locked('2580'), null],
  ])('%s', (_what, lock, alice, expected) => {
    const shown = shownAfter(lock === undefined ? {} : { lock }, alice).lock
    expect(shown && [shown.active, shown.mustChangePin]).toEqual(expected)
  })

  it('is opened by the default PIN, which nobody may choose', () => {
    const changed = change({ lock: { active: true } })
    expect(changed.kind === 'changed' && changed.line.lock?.pin.reveal()).toBe('0000')
    expect(refusals({ lock: { pin: pin('9721') } })).toEqual(['lock.pin pin.weak'])
  })

  function locked(digits: string): Partial<Line> {
    return { lock: { pin: pin(digits), active: true } }
  }
})

describe('what is on or off', () => {
  it.each([
    'doNotDisturb',
    'absent',
    'rejectAnonymous',
    'hideNumber',
    'intercom',
  ] as const)('%s is switched, and off when cleared', (key) => {
    expect(shownAfter({ [key]: true })[key]).toBe(true)
    expect(shownAfter({ [key]: false }, { [key]: true })[key]).toBe(false)
    expect(shownAfter({ [key]: null }, { [key]: true })[key]).toBe(false)
  })

  it('the beep is cleared to the server’s', () => {
    expect(shownAfter({ callWaiting: { beep: 'off' } }).callWaiting).toEqual({
      beep: 'off',
    })
    const off = { callWaiting: { beep: 'off' } } as const
    expect(shownAfter({ callWaiting: null }, off).callWaiting).toEqual({ beep: 'server' })
    expect(shownAfter({ callWaiting: {} }, off).callWaiting).toEqual({ beep: 'off' })
  })
})
