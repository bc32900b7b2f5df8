import { expect } from 'vitest'
import { type Built, buildSite } from '../../../src/model/build-site.js'
import type { Finding } from '../../../src/model/finding.js'

/** Values by place: `'lines.1.calls': 3`; undefined takes the key away. */
export type Changes = Readonly<Record<string, unknown>>

/** A small site without a fault: Alice, Bob, and Carol with one call; no forward. */
function blank(): Record<string, unknown> {
  const line = (at: number, plan: string, password: string): object => ({
    ...{ number: `003397210000${at}`, name: `Line ${at}`, password, plan },
  })
  return {
    site: { name: 'test', country: 'FR', timeZone: 'Europe/Paris' },
    asterisk: {
      ...{ sip: '127.0.0.1:5060', rtp: '10000-10999' },
      ...{ ari: '127.0.0.1:8088', ami: '127.0.0.1:5038' },
    },
    http: '127.0.0.1:8080',
    emergency: {},
    plans: {
      decouverte: { label: 'Découverte', calls: { included: 1, maximum: 1 } },
      entreprise: { label: 'Entreprise', calls: { included: 2, maximum: 30 } },
      fax: { label: 'Fax', calls: { included: 1, maximum: 5 }, fax: true },
    },
    lines: [
      line(1, 'entreprise', 'k7Vw2mXq9sLd4RtY'),
      line(2, 'entreprise', 'Zt5nB8uHc3JpW6eA'),
      line(3, 'decouverte', 'q4Gf7yRk2DxN9vMs'),
    ],
    aliases: [{ number: '0033972200000', redirect: { line: '0033972100001' } }],
    shortNumbers: [],
    trunks: [{ name: 'carrier', address: '127.0.0.5:5080' }],
  }
}

export function changed(changes: Changes = {}): Record<string, unknown> {
  const document = blank()
  for (const [place, value] of Object.entries(changes)) {
    const steps = place.split('.')
    const last = steps.pop() ?? ''
    const holder = steps.reduce<object>((here, step) => {
      const next: unknown = Reflect.get(here, step)
      if (typeof next === 'object' && next !== null) return next
      throw new Error(`changed: there is no ${place}`)
    }, document)
    if (value === undefined) Reflect.deleteProperty(holder, last)
    else Reflect.set(holder, last, value)
  }
  return document
}

export function built(changes: Changes = {}): Built {
  return buildSite(changed(changes))
}

/** `code at place`, one for each finding, in the order in which they are found. */
export function found(changes: Changes = {}): string[] {
  return built(changes).findings.map(inWords)
}

/** Exactly these findings; a site all the same if they are warnings, and else none. */
export function expectFound(changes: Changes, findings: readonly string[]): void {
  expect(found(changes)).toEqual(findings)
  const { site, findings: all } = built(changes)
  expect(site !== undefined).toBe(all.every(({ severity }) => severity === 'warning'))
}

function inWords({ code, path, also }: Finding): string {
  const place = path.length > 0 ? ` at ${path.join('.')}` : ''
  return `${code}${place}${also ? ` and ${also.join('.')}` : ''}`
}
