import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBack } from '../../../src/config/read-back.js'
import { render } from '../../../src/config/render.js'
import { checkRendered } from '../../../src/config/rendered-checks.js'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import type { Site } from '../../../src/model/site.js'
import { arbitrarySite, siteOf } from '../../rig/random-site.js'
import { deployment, line, site } from './rendered-site.js'

const anySite = arbitrarySite().map(siteOf)
const runs = { seed: 20261121, numRuns: 1000 }

function textOf(name: string, of: Site): string {
  return render(of, deployment).find((file) => file.name === name)?.text ?? ''
}

/** What `readBack` must give of a line. */
function expected({
  number,
  name,
  password,
  language,
  codecs,
  allowedNetworks,
  voicemail,
}: Line) {
  const box = voicemail && { pin: voicemail.pin.reveal() }
  return {
    ...{ number, name, password: password.reveal(), language, codecs, allowedNetworks },
    ...(box && { voicemail: box }),
  }
}

describe('rendering', () => {
  it('gives back every line and trunk when it is read by the rules of Asterisk', () => {
    fc.assert(
      fc.property(anySite, (model) => {
        const read = readBack(render(model, deployment))
        const lines = model.lines.toSorted((a, b) => (a.number < b.number ? -1 : 1))
        const trunks = model.trunks.toSorted((a, b) => (a.name < b.name ? -1 : 1))
        expect(read.lines).toEqual(lines.map(expected))
        expect(read.trunks).toEqual(
          trunks.map(({ name, address }) => ({ name, address })),
        )
      }),
      runs,
    )
  }, 30_000)

  it('passes its own checks, whatever the site', () => {
    fc.assert(
      fc.property(anySite, (model) => {
        expect(checkRendered(render(model, deployment))).toEqual([])
      }),
      { ...runs, numRuns: 60 },
    )
  })

  it('gives the same bytes for the same site in another order', () => {
    fc.assert(
      fc.property(anySite, (model) => {
        const other = { ...model, lines: model.lines.toReversed() }
        expect(render(other, deployment)).toEqual(render(model, deployment))
      }),
      { ...runs, numRuns: 60 },
    )
  })

  it('gives back the settings of the site', () => {
    const read = readBack(render(site([]), deployment))
    expect(read).toMatchObject({
      realm: 'linekeeper',
      sip: { host: '127.0.0.1', port: 5060 },
      ari: { host: '127.0.0.1', port: 8088 },
      ami: { host: '127.0.0.1', port: 5038 },
      rtp: { from: 10000, to: 10999 },
      language: 'fr',
      timeZone: 'Europe/Paris',
      node: 'node1',
      lines: [],
      trunks: [],
    })
  })

  it('names the files in alphabetical order', () => {
    const names = render(site([]), deployment).map(({ name }) => name)
    expect(names).toEqual(names.toSorted())
  })

  it('keeps every secret in a file of its own kind', () => {
    const password = new Secret('canary-password-1')
    const pin = new Secret('907351')
    const model = site([line('0033972100001', { password, voicemail: { pin } })])
    const holding = (text: string) =>
      render(model, deployment)
        .filter((file) => file.text.includes(text))
        .map(({ name }) => name)
    expect(holding('canary-password-1')).toEqual(['pjsip_auth.conf'])
    expect(holding('907351')).toEqual(['voicemail.conf'])
    expect(holding('placeholder-ari-password')).toEqual(['ari.conf'])
    expect(holding('placeholder-ami-password')).toEqual(['manager.conf'])
  })

  it('keeps names out of the dialplan', () => {
    const model = site([line('0033972100001', { name: 'Canari' })])
    expect(textOf('extensions.conf', model)).not.toContain('Canari')
  })

  // A list that shows one there contests the next answers (src/call/contested.ts).
  it('keeps contested answers out of the contexts by which degraded calls are known', () => {
    const contexts = textOf('extensions.conf', site([])).split(/^(?=\[)/m)
    const contested = contexts.filter((context) => context.startsWith('[contested'))
    expect(contested).not.toEqual([])
    const steps = contested.join('').match(/^(?:exten| same) => .*$/gm)
    expect(steps?.filter((step) => step.includes('degraded-'))).toEqual([])
  })

  it('makes a dialplan whose size knows no lines', () => {
    const many = Array.from({ length: 50 }, (_, n) => line(`00339721000${10 + n}`))
    expect(textOf('extensions.conf', site(many))).toBe(
      textOf('extensions.conf', site([])),
    )
  })
})

describe('a trunk is known by', () => {
  const trunk = (name: string, host: string, port = 5060) => ({
    ...{ name, address: { host, port }, format: 'e164' as const },
  })
  const matches = (...trunks: Site['trunks']) =>
    textOf('pjsip_trunks.conf', site([], trunks)).match(/^match = .*$/gm)

  it.each([
    ['its host', [trunk('a', '192.0.2.1')], ['match = 192.0.2.1']],
    [
      'its port too where two share a host',
      [trunk('a', '192.0.2.1', 5060), trunk('b', '192.0.2.1', 5062)],
      ['match = 192.0.2.1:5060', 'match = 192.0.2.1:5062'],
    ],
    [
      'its port too on our own host',
      [trunk('a', '127.0.0.1', 5080)],
      ['match = 127.0.0.1:5080'],
    ],
  ])('%s', (_what, trunks, lines) => {
    expect(matches(...trunks)).toEqual(lines)
  })
})

describe('rendering refuses', () => {
  it.each([
    ['a name with syntax', { name: 'a\ncontext=other' }],
    ['a password with syntax', { password: new Secret('aaaaaaaaaaaa;bbb') }],
    ['a network that is none', { allowedNetworks: ['10.0.0.0/33'] }],
    ['a codec with syntax', { codecs: ['alaw\nulaw'] }],
  ])('%s', (_what, special) => {
    expect(() => render(site([line('0033972100001', special)]), deployment)).toThrow(
      'refused',
    )
  })
})
