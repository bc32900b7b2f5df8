import type { Deployment, GeneratedFile } from '../../../src/config/deployment.js'
import { readSite } from '../../../src/config/load.js'
import { render } from '../../../src/config/render.js'
import { Secret } from '../../../src/model/secret.js'
import type { Site } from '../../../src/model/site.js'

/** A site of three lines and a trunk; `edit` changes its text. */
export function siteWith(edit: (text: string) => string = (text) => text): Site {
  const read = readSite(edit(SITE), 'site.yaml')
  if (read.kind === 'site') return read.site
  throw new Error(read.findings.map(({ message }) => message).join('; '))
}

/** The files of that site, on a deployment that never changes. */
export function filesWith(edit?: (text: string) => string): GeneratedFile[] {
  return render(siteWith(edit), DEPLOYMENT)
}

const DEPLOYMENT: Deployment = {
  dir: '/srv/demo',
  modulesDir: '/usr/lib/asterisk/modules',
  node: 'lkdemo',
  ariPassword: new Secret('aaaaaaaaaaaaaaaaaaaaaaaa'),
  amiPassword: new Secret('bbbbbbbbbbbbbbbbbbbbbbbb'),
}

export const SITE = `site: { name: demo, country: FR, timeZone: Europe/Paris, language: fr }
asterisk:
  sip: 127.0.0.1:5060
  rtp: 10000-10999
  ari: 127.0.0.1:8088
  ami: 127.0.0.1:5038
http: 127.0.0.1:8080
plans:
  company: { label: Company, calls: { included: 2, maximum: 99 } }
lines:
  - { number: "0033972100001", name: Accueil, password: k7Vw2mXq9sLd4RtY, plan: company,
      calls: 3, group: paris, voicemail: { pin: "824613" }, outgoing: { special: true } }
  - { number: "0033972100002", name: Atelier, password: Zt5nB8uHc3JpW6eA, plan: company,
      group: paris }
  - { number: "0033972100003", name: Portier, password: q4Gf7yRk2DxN9vMs, plan: company }
aliases:
  - { number: "0033972200000", redirect: { line: "0033972100001", present: true } }
shortNumbers:
  - { number: "7001", to: "0033972100001" }
  - { number: "7002", group: paris, to: "0033972100002" }
  - { number: "2001", line: "0033972100002", to: "0033612345678" }
trunks:
  - { name: carrier, address: 127.0.0.5:5080, format: e164 }
`
