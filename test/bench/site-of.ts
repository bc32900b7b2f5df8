/** The number of the line with this index. */
export function numberOf(index: number): string {
  return `00339721${String(index).padStart(5, '0')}`
}

/** A site file of so many lines; `renamed` names one of them anew. */
export function siteOf(
  address: string,
  lines: number,
  renamed?: { readonly index: number; readonly name: string },
): string {
  const entries = Array.from({ length: lines }, (_, index) => {
    const name = renamed?.index === index ? renamed.name : `Line ${index}`
    return `  - number: "${numberOf(index)}"
    name: ${name}
    password: ${passwordOf(index)}
    plan: company
    calls: 90
`
  })
  return `site: { name: bench, country: FR, timeZone: Europe/Paris, language: fr }
asterisk:
  sip: ${address}:5060
  rtp: 10000-30000
  ari: ${address}:8088
  ami: ${address}:5038
http: ${address}:8080
plans:
  company: { label: Company, calls: { included: 90, maximum: 99 } }
lines:
${entries.join('')}trunks:
  - { name: carrier, address: ${address.replace(/\.\d+$/, '.90')}:5060, format: e164 }
`
}

/** The password of its phone. */
export function passwordOf(index: number): string {
  return `Zt5nB8uHc3Jp${String(index).padStart(5, '0')}`
}
