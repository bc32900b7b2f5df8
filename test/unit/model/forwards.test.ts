import { describe, expect, it } from 'vitest'
import { built, type Changes, found } from './document.js'

const [alice, bob, carol] = ['0033972100001', '0033972100002', '0033972100003']
const alias = '0033972200000'
const at = 'lines.0.forwarding'
const pin = { pin: '824613' }

/** Alice's forward when busy. */
function busy(to: unknown): Changes {
  return { [at]: { busy: { to } } }
}

describe('a forward may lead to', () => {
  it.each([
    ['another line', busy(bob)],
    ['an alias', { 'lines.1.forwarding': { busy: { to: alias } } }],
    ['a landline', busy('0145678901')],
    ['a mobile', busy('06 12 34 56 78')],
    ['a free number', busy('0800123456')],
    ['an overseas department', busy('0262123456')],
    ['its own voicemail', { ...busy('voicemail'), 'lines.0.voicemail': pin }],
    [
      'the voicemail of another line',
      { ...busy({ voicemail: bob }), 'lines.1.voicemail': pin },
    ],
    ['a fax, on a fax plan', { ...busy('fax'), 'lines.0.plan': 'fax' }],
    ['the fax of another line', { ...busy({ fax: bob }), 'lines.0.plan': 'fax' }],
    [
      'the EU, when the line may call there',
      { ...busy('+4930901820'), 'lines.0.outgoing': { international: true } },
    ],
  ])('%s', (_, changes) => {
    expect(found(changes)).toEqual([])
  })

  it('is read in any spelling', () => {
    const line = built(busy('09 72 10 00 02')).site?.lines[0]
    expect(line?.forwarding).toEqual({ busy: { to: { kind: 'number', number: bob } } })
  })

  it('waits 20 s for an answer unless it says otherwise', () => {
    const line = built({ [at]: { noAnswer: { to: bob } } }).site?.lines[0]
    expect(line?.forwarding.noAnswer?.after).toBe(20)
  })
})

describe('a forward may not lead to', () => {
  const place = `${at}.busy.to`
  it.each([
    ['an emergency number', busy('112'), `forward.class at ${place}`],
    ['an emergency number as mobiles dial it', busy('+112'), `forward.class at ${place}`],
    [
      'an emergency number that the site adds',
      { ...busy('3249'), 'emergency.add': ['3249'] },
      `forward.class at ${place}`,
    ],
    [
      "an emergency number of the site's own list",
      {
        ...busy('3249'),
        'emergency.numbers': [
          ...['15', '17', '18', '112', '114', '115', '119', '191', '196', '197'],
          ...['116000', '116111', '116117', '3249'],
        ],
      },
      `forward.class at ${place}`,
    ],
    ['a premium number', busy('0899123456'), `forward.class at ${place}`],
    [
      'a premium number, even of a line that may call it',
      { ...busy('0899123456'), 'lines.0.outgoing': { special: true } },
      `forward.class at ${place}`,
    ],
    ['the EU without the right', busy('+4930901820'), `forward.class at ${place}`],
    [
      'the rest of the world, with the right',
      { ...busy('+12125550123'), 'lines.0.outgoing': { international: true } },
      `forward.class at ${place}`,
    ],
    ['a satellite', busy('+881612345678'), `forward.class at ${place}`],
    ['a feature code', busy('*21*0612345678#'), `number.format at ${place}`],
    ['an intercom number', busy('36910972100002'), `number.format at ${place}`],
    ['a prefix for one call', busy('36510612345678'), `number.format at ${place}`],
    ['the voicemail code', busy('123'), `number.format at ${place}`],
    ['a short number', busy('7001'), `number.format at ${place}`],
    ['a word', busy('nobody'), `number.format at ${place}`],
    ['a number', busy(612345678), `number.unquoted at ${place}`],
    ['both', busy({ voicemail: bob, fax: bob }), `forward.target at ${place}`],
    ['nothing', busy(null), `forward.target at ${place}`],
    ['a voicemail it does not have', busy('voicemail'), `ref.missing at ${place}`],
    [
      'a voicemail another line does not have',
      busy({ voicemail: bob }),
      `ref.missing at ${place}.voicemail`,
    ],
    [
      'the voicemail of nobody',
      busy({ voicemail: '0972100009' }),
      `ref.missing at ${place}.voicemail`,
    ],
    [
      'the voicemail of an alias',
      busy({ voicemail: alias }),
      `ref.missing at ${place}.voicemail`,
    ],
    [
      'the voicemail of a short code',
      busy({ voicemail: '3949' }),
      `number.format at ${place}.voicemail`,
    ],
    ['a fax, on another plan', busy('fax'), `forward.fax at ${place}`],
    [
      'the fax of nobody',
      { ...busy({ fax: '0972100009' }), 'lines.0.plan': 'fax' },
      `ref.missing at ${place}.fax`,
    ],
    ['itself', busy(alice), `forward.loop at ${place}`],
    ['its own alias', busy(alias), `forward.loop at ${place}`],
  ])('%s', (_, changes, finding) => {
    expect(found(changes)).toEqual([finding])
  })

  it('says how the EU is opened', () => {
    const [finding] = built(busy('+4930901820')).findings
    expect(finding?.remedy).toContain('outgoing: { international: true }')
  })

  it('is refused once, when the voicemail is of a line that could not be read', () => {
    const changes = { ...busy({ voicemail: bob }), 'lines.1.calls': 0 }
    expect(found(changes)).toEqual(['limit.range at lines.1.calls'])
  })

  it('is not held against a plan that could not be read', () => {
    const changes = { ...busy('fax'), 'lines.0.plan': 'fax', 'plans.fax.label': '' }
    expect(found(changes)).toEqual(['label.format at plans.fax.label'])
  })
})

describe('a circle of forwards', () => {
  const forward = (kind: string, to: string): object => ({ [kind]: { to } })
  it.each([
    [
      'of two lines',
      { [at]: forward('busy', bob), 'lines.1.forwarding': forward('busy', alice) },
      1,
    ],
    [
      'of four different kinds',
      {
        [at]: forward('unconditional', bob),
        'lines.1.forwarding': forward('noAnswer', carol),
        'lines.2.forwarding': forward('unreachable', alice),
      },
      1,
    ],
    [
      'through an alias',
      { [at]: forward('busy', bob), 'lines.1.forwarding': forward('busy', alias) },
      1,
    ],
    [
      'twice between the same lines',
      {
        [at]: { ...forward('busy', bob), ...forward('unreachable', bob) },
        'lines.1.forwarding': forward('busy', alice),
      },
      1,
    ],
    [
      'two circles through one line',
      {
        [at]: { ...forward('busy', bob), ...forward('unreachable', carol) },
        'lines.1.forwarding': forward('busy', alice),
        'lines.2.forwarding': forward('busy', alice),
      },
      2,
    ],
  ])('%s is told once', (_, changes, count) => {
    expect(found(changes).map((each) => each.split(' ')[0])).toEqual(
      Array(count).fill('forward.loop'),
    )
  })

  it.each([
    ['no line', { [at]: forward('busy', bob) }],
    [
      'two ways to one line',
      {
        [at]: { ...forward('busy', bob), ...forward('unreachable', carol) },
        'lines.1.forwarding': forward('busy', carol),
      },
    ],
    ['outside and back', { [at]: forward('busy', '0612345678') }],
  ])('is none: %s', (_, changes) => {
    expect(found(changes)).toEqual([])
  })

  it('names the lines in the order of the call', () => {
    const changes = {
      [at]: forward('busy', bob),
      'lines.1.forwarding': forward('busy', alice),
    }
    const [finding] = built(changes).findings
    expect(finding?.message).toContain(`${alice} → ${bob} → ${alice}`)
  })
})

/** So many lines, each forwarding to the next; the last one where `last` says. */
function chain(forwards: number, last: Record<string, unknown> = {}): Changes {
  const number = (line: number): string => `00339721${String(line).padStart(5, '0')}`
  const lines = Array.from({ length: forwards + 1 }, (_, line) => ({
    ...{ number: number(line), name: 'x', plan: 'entreprise' },
    password: `Zt5nB8uHc3Jp${line.toString(36)}`,
    forwarding: line < forwards ? { busy: { to: number(line + 1) } } : last,
  }))
  return { lines, aliases: [] }
}

describe('a chain of forwards', () => {
  it.each([
    ['five', chain(5), []],
    ['four, and then outside', chain(4, { busy: { to: '0612345678' } }), []],
    ['six', chain(6), ['forward.depth at lines.0.forwarding']],
    [
      'five, and then outside',
      chain(5, { busy: { to: '0612345678' } }),
      ['forward.depth at lines.0.forwarding'],
    ],
    [
      'seven, told where it begins to be too long',
      chain(7),
      ['forward.depth at lines.1.forwarding'],
    ],
  ])('of %s', (_, changes, findings) => {
    expect(found(changes)).toEqual(findings)
  })

  it('may be as long as the site without exhausting the stack', () => {
    const codes = built(chain(9_000)).findings.map(({ code }) => code)
    expect(codes).toEqual(['forward.depth'])
  })
})
