import type { TestNetwork } from './ports.js'

/** The lines of a test system, by the names that tests call them. */
export const numbers = {
  alice: '0033972100001',
  bob: '0033972100002',
  carol: '0033972100003',
} as const
export type Person = keyof typeof numbers

/** The alias that rings Alice, and shows itself when she calls out. */
export const alias = '0033972200000'
/** Somebody outside, as the carrier writes him. */
export const outsider = '+33612345678'

export const passwords: Readonly<Record<Person, string>> = {
  alice: 'k7Vw2mXq9sLd4RtY',
  bob: 'Zt5nB8uHc3JpW6eA',
  carol: 'q4Gf7yRk2DxN9vMs',
}

/** Where the carrier of a test system listens, on port 5060. */
export function carrierAddress(network: TestNetwork): string {
  return network.peer(90)
}

export interface SiteChanges {
  /** Text below one line's entry: `calls: 1`. Carol has the plan of one call. */
  readonly lines?: Partial<Record<Person, string>>
  /** Further lines, by number: text below each one's entry. Phones are not needed. */
  readonly moreLines?: Readonly<Record<string, string>>
  /** Further plans, one text each. */
  readonly morePlans?: string
  /** Further short numbers, one text each. */
  readonly moreShortNumbers?: readonly string[]
  /** For more sound at once than a handful of calls has: `20000-23999`. */
  readonly rtp?: string
  /** Further settings of the section `site`: `dtmfTransfers: true`. */
  readonly site?: string
  /** The section `limits`; tests run at any hour: `{ night: none }`. */
  readonly limits?: string
  /** Further sections of the file. */
  readonly more?: string
}

/** A site file: three lines in the group paris, an alias, short numbers, one carrier. */
export function siteText(network: TestNetwork, changes: SiteChanges = {}): string {
  const { system } = network
  return `
site: { name: test, country: FR, timeZone: Europe/Paris, language: fr${changes.site ? `, ${changes.site}` : ''} }
asterisk: { sip: "${system}:5060", rtp: ${changes.rtp ?? '20000-20999'}, ari: "${system}:8088", ami: "${system}:5038" }
http: "${system}:8080"
limits: ${changes.limits ?? '{ night: none }'}
plans:
  decouverte: { label: Découverte, calls: { included: 1, maximum: 1 } }
  entreprise: { label: Entreprise, calls: { included: 2, maximum: 99 } }
${changes.morePlans ?? ''}
lines:
${line('alice', 'entreprise', changes)}
${line('bob', 'entreprise', changes)}
${line('carol', 'decouverte', changes)}
${moreLines(changes)}
aliases:
  - { number: "${alias}", redirect: { line: "${numbers.alice}", present: true } }
shortNumbers:
  - { number: "7001", to: "${numbers.alice}", name: Alice }
  - { number: "2001", line: "${numbers.bob}", to: "0612345678" }
${(changes.moreShortNumbers ?? []).map((short) => `  - ${short}`).join('\n')}
trunks:
  - { name: carrier, address: "${carrierAddress(network)}:5060", format: e164 }
${changes.more ?? ''}
`
}

/** The password of a line of `moreLines`: no two may be the same. */
export function passwordOf(number: string): string {
  return `w3Bq8ZtL${number.slice(-4)}x6NcV5hJ`
}

function line(person: Person, plan: string, { lines }: SiteChanges): string {
  return entry(
    { number: numbers[person], name: person, password: passwords[person], plan },
    lines?.[person] ?? '',
  )
}

function moreLines({ moreLines: more = {} }: SiteChanges): string {
  const entries = Object.entries(more).map(([number, own]) => {
    const name = `line ${number.slice(-2)}`
    const plan = /^plan:/m.test(own) ? {} : { plan: 'entreprise' }
    return entry({ number, name, password: passwordOf(number), ...plan }, own)
  })
  return entries.join('\n')
}

function entry(
  { number, ...keys }: Readonly<Record<string, string>>,
  own: string,
): string {
  const given = Object.entries(keys).map(([key, value]) => `${key}: ${value}`)
  const group = /^group:/m.test(own) ? [] : ['group: paris']
  const texts = [...given, ...group, ...own.trim().split('\n').filter(Boolean)]
  return [`  - number: "${number}"`, ...texts.map((text) => `    ${text}`)].join('\n')
}
