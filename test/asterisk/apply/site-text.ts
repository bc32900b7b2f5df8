/** What a test changes about a line; everything else is like its neighbours. */
export interface LineText {
  readonly name?: string
  readonly password?: string
  readonly calls?: number
  /** The networks its phone may be in. */
  readonly networks?: string
}

/** A site file of so many lines on one address, some of them unlike the others. */
export function siteText(
  address: string,
  lines: number,
  unlike: Readonly<Record<number, LineText>> = {},
): string {
  const numbers = Array.from({ length: lines }, (_, index) => index)
  return `site: { name: apply, country: FR, timeZone: Europe/Paris, language: fr }
asterisk:
  sip: ${address}:5060
  rtp: 10000-10999
  ari: ${address}:8088
  ami: ${address}:5038
http: ${address}:8080
plans:
  company: { label: Company, calls: { included: 2, maximum: 99 } }
lines:
${numbers.map((index) => lineText(index, unlike[index] ?? {})).join('')}
trunks:
  - { name: carrier, address: ${carrierOf(address)}:5060, format: e164 }
`
}

/** The number of the line with this index. */
export function numberOf(index: number): string {
  return `00339721${String(index).padStart(5, '0')}`
}

function lineText(index: number, { name, password, calls, networks }: LineText): string {
  return `  - number: "${numberOf(index)}"
    name: ${name ?? `Line ${index}`}
    password: ${password ?? `Zt5nB8uHc3Jp${String(index).padStart(5, '0')}`}
    plan: company
    calls: ${calls ?? 2}
${networks === undefined ? '' : `    allowedNetworks: [${networks}]\n`}`
}

/** A neighbour of the system's address. */
function carrierOf(address: string): string {
  return address.replace(/\.\d+$/, '.90')
}
