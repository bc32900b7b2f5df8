import type { Line } from '../../../src/model/line.js'
import { OrderTerms } from '../../../src/model/order-terms.js'
import { Secret } from '../../../src/model/secret.js'
import type { Site, Trunk } from '../../../src/model/site.js'

export { placeholderDeployment as deployment } from '../../../src/config/placeholder-deployment.js'

/** A plain line, and what is special about it. */
export function line(number: string, special: Partial<Line> = {}): Line {
  return {
    number,
    name: `Ligne ${number.slice(-4)}`,
    password: new Secret(`k7Vw2mXq-${number}`),
    plan: 'entreprise',
    calls: 2,
    language: 'fr',
    callWaiting: { beep: 'server' },
    intercom: false,
    forwarding: {},
    outgoing: { special: false, international: false },
    allowedNetworks: [],
    codecs: ['alaw', 'ulaw', 'g722'],
    ...special,
  }
}

/** A site of these lines and trunks; everything else is the same in all of them. */
export function site(lines: readonly Line[], trunks: readonly Trunk[] = []): Site {
  return {
    site: { name: 'demo', country: 'FR', timeZone: 'Europe/Paris', language: 'fr' },
    asterisk: {
      sip: { host: '127.0.0.1', port: 5060 },
      rtp: { from: 10000, to: 10999 },
      ari: { host: '127.0.0.1', port: 8088 },
      ami: { host: '127.0.0.1', port: 5038 },
      realm: 'linekeeper',
    },
    http: { host: '127.0.0.1', port: 8080 },
    orders: OrderTerms.parse({}),
    plans: {},
    lines,
    aliases: [],
    shortNumbers: [],
    trunks,
    emergencyNumbers: ['112', '15'],
  }
}
