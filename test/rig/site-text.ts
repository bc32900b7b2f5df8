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
  /** Further sections of the file. */
  readonly more?: string
}

/** A site file: three lines in the group paris, an alias, short numbers, one carrier. */
export function siteText(network: TestNetwork, changes: SiteChanges = {}): string {
  const { system } = network
  return `
site: { name: test, country: FR, timeZone: Europe/Paris, language: fr }
asterisk: { sip: "${system}:5060", rtp: 20000-20999, ari: "${system}:8088", ami: "${system}:5038" }
http: "${system}:8080"
plans:
  decouverte: { label: Découverte, calls: { included: 1, maximum: 1 } }
  entreprise: { label: Entreprise, calls: { included: 2, maximum: 99 } }
lines:
${line('alice', 'entreprise', changes)}
${line('bob', 'entreprise', changes)}
${line('carol', 'decouverte', changes)}
aliases:
  - { number: "${alias}", redirect: { line: "${numbers.alice}", present: true } }
shortNumbers:
  - { number: "7001", to: "${numbers.alice}", name: Alice }
  - { number: "2001", line: "${numbers.bob}", to: "0612345678" }
trunks:
  - { name: carrier, address: "${carrierAddress(network)}:5060", format: e164 }
${changes.more ?? ''}
`
}

function line(person: Person, plan: string, { lines }: SiteChanges): string {
  const own = (lines?.[person] ?? '').trim().split('\n').filter(Boolean)
  return [
    `  - number: "${numbers[person]}"`,
    `    name: ${person}`,
    `    password: ${passwords[person]}`,
    `    plan: ${plan}`,
    '    group: paris',
    ...own.map((text) => `    ${text}`),
  ].join('\n')
}
