import { describe, expect, it } from 'vitest'
import { buildSite } from '../../../src/model/build-site.js'
import { built, type Changes, changed, expectFound, found } from './document.js'

const [alice, bob] = ['0033972100001', '0033972100002']
const short = { number: '7001', to: alice }

/** What is well, however it looks. */
const well: [string, Changes][] = [
  ['the site as it is', {}],
  [
    'no line refers to a plan',
    { 'plans.other': { label: 'x', calls: { included: 1, maximum: 1 } } },
  ],
  ['an alias out of service', { 'aliases.0.redirect': undefined }],
  ['one alias that is presented', { 'aliases.0.redirect.present': true }],
  ['a short number of everyone', { shortNumbers: [short] }],
  [
    'a short number of three digits',
    { shortNumbers: [{ number: '201', line: bob, to: alice }] },
  ],
  [
    'the same short number of two lines',
    {
      shortNumbers: [
        { number: '2001', line: alice, to: bob },
        { number: '2001', line: bob, to: alice },
      ],
    },
  ],
  [
    'the same short number of two groups',
    {
      'lines.0.group': 'paris',
      'lines.1.group': 'lyon',
      shortNumbers: [
        { ...short, group: 'paris' },
        { ...short, group: 'lyon' },
      ],
    },
  ],
  [
    'a short number of a premium number',
    { shortNumbers: [{ number: '7001', to: '0899123456' }] },
  ],
  ['an upgrade', { 'plans.entreprise.upgradesFrom': ['decouverte'] }],
  [
    'an upgrade between plans of one call',
    {
      'plans.decouverte.upgradesFrom': ['fax'],
      'plans.fax.calls': { included: 1, maximum: 1 },
    },
  ],
  ['as many calls as the plan allows', { 'lines.0.calls': 30 }],
  ['mobiles without limit', { 'plans.entreprise.mobile': 'unlimited' }],
  ['hours to mobiles', { 'plans.entreprise.mobile': { hours: 744 } }],
  ['one more emergency number', { 'emergency.add': ['3249'] }],
  ['a network', { 'lines.0.allowedNetworks': ['10.0.0.0/8'] }],
  ['SIP on a private address', { 'asterisk.sip': '192.168.1.4:5060' }],
  ['media beside the SIP port', { 'asterisk.rtp': '5061-6000' }],
]

describe('nothing is found in', () => {
  it.each(well)('%s', (_, changes) => {
    expectFound(changes, [])
  })
})

describe('findings', () => {
  it('says every reason at once, form and rules', () => {
    const changes = {
      'lines.0.calls': 0,
      'lines.2.calls': 2,
      'trunks.0.address': undefined,
      'site.name': 'X',
    }
    expect(found(changes).sort()).toEqual([
      'id.format at site.name',
      'limit.range at lines.0.calls',
      'plan.limit at lines.2.calls',
      'trunk.open at trunks.0',
    ])
  })

  it('shows what was meant by an unknown key', () => {
    const remedyOf = (key: string) => built({ [`lines.0.${key}`]: 1 }).findings[0]?.remedy
    expect(remedyOf('call')).toBe('write `calls`')
    expect(remedyOf('fowarding')).toBe('write `forwarding`')
    expect(remedyOf('frobnication')).toContain('known here: number, name, password')
    expect(remedyOf('x'.repeat(1000))).toContain('known here')
  })

  it('shows no secret, whatever is wrong with it', () => {
    for (const key of ['password', 'voicemail.pin']) {
      for (const value of ['k7Vw', 'k7Vw 2mXq9sLd4RtY', 'k7Vw2mXq'.repeat(20), 7]) {
        const changes = {
          'lines.0.voicemail': { pin: '824613' },
          [`lines.0.${key}`]: value,
        }
        const text = JSON.stringify(built(changes).findings)
        expect(text).toContain('***')
        expect(text).not.toMatch(/k7Vw|is 7/)
      }
    }
  })
})

describe('a document that is none', () => {
  it.each([
    [undefined, 'model.empty'],
    [null, 'model.empty'],
    [{}, 'model.empty'],
    [[], 'model.empty'],
    ['text', 'value.type'],
    [7, 'value.type'],
    [[1], 'value.type'],
  ])('%j is %s', (document, code) => {
    const { site, findings } = buildSite(document)
    expect(site).toBeUndefined()
    expect(findings.map((each) => each.code)).toEqual([code])
  })
})

describe('a complete site', () => {
  it('has canonical numbers', () => {
    const { site } = built({
      'lines.1.number': '09 72 10 00 02',
      shortNumbers: [{ number: '2001', line: '+33972100002', to: '06 12 34 56 78' }],
      'aliases.0.redirect.line': '0972100001',
    })
    expect(site?.lines[1]?.number).toBe(bob)
    expect(site?.shortNumbers).toEqual([
      { number: '2001', line: bob, to: '0033612345678' },
    ])
    expect(site?.aliases[0]?.redirect).toEqual({ line: alice, present: false })
  })

  it('fills in what the file leaves out', () => {
    const line = built({ 'site.language': 'en' }).site?.lines[0]
    expect(line).toMatchObject({
      ...{ calls: 2, language: 'en', intercom: false, allowedNetworks: [] },
      ...{ forwarding: {}, codecs: ['alaw', 'ulaw'], callWaiting: { beep: 'server' } },
      outgoing: { special: false, international: false },
    })
  })

  it('prints networks and addresses the one way Asterisk reads them', () => {
    const { site } = built({
      http: '127.0.00.01:8080',
      'lines.0.allowedNetworks': ['10.1.2.3/8', '192.0.2.7', '10.0.0.129/25'],
    })
    expect(site?.http).toEqual({ host: '127.0.0.1', port: 8080 })
    expect(site?.lines[0]?.allowedNetworks).toEqual([
      '10.0.0.0/8',
      '192.0.2.7/32',
      '10.0.0.128/25',
    ])
  })

  it("has the country's emergency numbers once, and the site's own", () => {
    const numbers = built({ 'emergency.add': ['3249', '112'] }).site?.emergencyNumbers
    expect(numbers).toContain('3249')
    expect(numbers?.filter((each) => each === '112')).toEqual(['112'])
  })

  it('is the same whichever way its document is written', () => {
    const document = changed()
    const again = buildSite(JSON.parse(JSON.stringify(document)))
    expect(JSON.stringify(again.site)).toBe(JSON.stringify(buildSite(document).site))
  })
})
