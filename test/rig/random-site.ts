import fc from 'fast-check'
import { readSite } from '../../src/config/load.js'
import type { Site } from '../../src/model/site.js'

/** A site document as an operator might write it, before any check; always valid. */
export type RawSite = Record<string, unknown>

/** The `Site` of a document that must be valid; throws with every finding if it is not. */
export function siteOf(raw: unknown): Site {
  const loaded = readSite(JSON.stringify(raw), 'random-site')
  if (loaded.kind === 'site') return loaded.site
  throw new Error(
    loaded.findings.map(({ code, message }) => `${code}: ${message}`).join('\n'),
  )
}

interface Shape {
  readonly lines: number
  readonly aliases: number
  readonly trunks: number
}

const plans = {
  decouverte: { label: 'Découverte', calls: { included: 1, maximum: 1 } },
  entreprise: {
    label: 'Entreprise',
    calls: { included: 2, maximum: 99, extraPrice: '1.00' },
    upgradesFrom: ['decouverte'],
    mobile: { hours: 10 },
  },
  illimite: {
    label: 'Illimité "mobiles"',
    calls: { included: 5, maximum: 30 },
    upgradesFrom: ['decouverte', 'entreprise'],
    mobile: 'unlimited',
    fax: true,
  },
}

/** Sites of up to 8 lines, with aliases, short numbers, forwards and trunks. */
export function arbitrarySite(): fc.Arbitrary<RawSite> {
  const shape = fc.record({
    lines: fc.integer({ min: 0, max: 8 }),
    aliases: fc.integer({ min: 0, max: 4 }),
    trunks: fc.integer({ min: 0, max: 3 }),
  })
  return shape.chain((each) => arbitrarySiteOf(each))
}

function arbitrarySiteOf(shape: Shape): fc.Arbitrary<RawSite> {
  const lines = Array.from({ length: shape.lines }, (_, at) =>
    arbitraryLine(at, shape.lines),
  )
  const aliases = Array.from({ length: shape.aliases }, (_, at) =>
    arbitraryAlias(at, shape),
  )
  return fc
    .record({
      site: fc.record({
        name: fc.constantFrom('demo', 'bureau-paris', 'a'),
        country: fc.constant('FR'),
        timeZone: fc.constantFrom('Europe/Paris', 'UTC', 'Indian/Reunion'),
        language: fc.constantFrom('fr', 'en'),
      }),
      asterisk: arbitraryAsterisk,
      http: fc.constantFrom('127.0.0.1:8080', '10.0.0.4:443'),
      plans: fc.constant(plans),
      lines: fc.tuple(...lines),
      aliases: fc.tuple(...aliases),
      shortNumbers: arbitraryShortNumbers(shape),
      trunks: fc.tuple(
        ...Array.from({ length: shape.trunks }, (_, at) => arbitraryTrunk(at)),
      ),
      emergency: optional(
        fc.constantFrom({ add: ['3949'] }, { add: ['1999', '41'] }, {}),
      ),
    })
    .map(withoutUndefined)
}

const arbitraryAsterisk = fc
  .record({
    sip: fc.constantFrom('127.0.0.1:5060', '0.0.0.0:5070', '192.168.1.4:5060'),
    rtp: fc.constantFrom('10000-10999', '20000-20099'),
    ari: fc.constant('127.0.0.1:8088'),
    ami: fc.constant('127.0.0.1:5038'),
    realm: optional(fc.constantFrom('linekeeper', 'sip.example.org')),
  })
  .map(withoutUndefined)

/** Letters, accents, other scripts, and the punctuation that names may have. */
const nameCharacter = fc.constantFrom(
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  ...'éèêëàâçîïôöûüñßøåŁžčЖдЯ日本語한글',
  ..." -'./:!?@*+_%~^`",
)

const arbitraryName = fc
  .array(nameCharacter, { minLength: 1, maxLength: 60 })
  .map((characters) => characters.join('').trim())
  .filter((name) => name !== '')

function arbitraryLine(at: number, count: number): fc.Arbitrary<unknown> {
  return fc
    .record({
      number: spelled(lineNumber(at)),
      name: arbitraryName,
      password: fc
        .stringMatching(/^[A-Za-z0-9._~-]{4,48}$/)
        // A long random part that no common word or short alphabet spoils.
        .map((text) => `k7Vw2mXq9sL${at}${text}`),
      plan: fc.constantFrom('decouverte', 'entreprise', 'illimite'),
      extra: fc.integer({ min: 1, max: 30 }),
      group: optional(fc.constantFrom('paris', 'lyon', 'support-2')),
      language: optional(fc.constantFrom('fr', 'en')),
      callWaiting: optional(
        fc.record({ beep: fc.constantFrom('server', 'phone', 'off') }),
      ),
      intercom: optional(fc.boolean()),
      voicemail: fc.record({
        pin: fc.constantFrom('824613', '5927401', '60418273'),
        email: optional(fc.constantFrom('accueil@example.org', 'a.b+c@sub.example.org')),
      }),
      hasVoicemail: fc.boolean(),
      forwarding: arbitraryForwarding(at, count),
      outgoing: optional(
        fc.record({ special: fc.boolean(), international: fc.constant(true) }),
      ),
      allowedNetworks: optional(
        fc.subarray(['10.0.0.0/8', '192.168.7.9', '172.16.0.0/12', '203.0.113.7/32']),
      ),
      codecs: optional(fc.subarray(['alaw', 'ulaw', 'g722', 'opus'], { minLength: 1 })),
      doNotDisturb: optional(fc.boolean()),
      hideNumber: optional(fc.boolean()),
      lock: optional(fc.constant({ pin: '4862', active: true })),
    })
    .map(completed)
}

/** Draws the combinations that are valid only together. */
function completed(drawn: {
  readonly plan: string
  readonly extra: number
  readonly hasVoicemail: boolean
  readonly voicemail: object
  readonly forwarding: Readonly<Record<string, Forward | undefined>>
  readonly outgoing: object | undefined
}): unknown {
  const { extra, hasVoicemail, voicemail, forwarding, ...line } = drawn
  const forwards = Object.entries(forwarding).flatMap(([kind, forward]) => {
    if (!forward) return []
    if (forward.to === 'fax' && line.plan !== 'illimite') return []
    if (forward.to === ABROAD && !line.outgoing) return []
    return [[kind, forward] as const]
  })
  const needsVoicemail = forwards.some(([, { to }]) => to === 'voicemail')
  return withoutUndefined({
    ...line,
    calls: line.plan === 'decouverte' ? 1 : extra,
    voicemail: hasVoicemail || needsVoicemail ? withoutUndefined(voicemail) : undefined,
    forwarding: Object.fromEntries(forwards),
  })
}

interface Forward {
  readonly after?: number | undefined
  readonly to: unknown
}

const ABROAD = '+4930901820'

/**
 * Forwards lead to higher lines only, and at most to the next one but three, so that
 * eight lines make neither a circle nor a chain of six.
 */
function arbitraryForwarding(
  at: number,
  count: number,
): fc.Arbitrary<Record<string, Forward | undefined>> {
  // An odd line never forwards to a line: the longest chain has two forwards.
  const higher =
    at % 2 === 1 ? [] : Array.from({ length: count - at - 1 }, (_, i) => at + 1 + i)
  const lines = higher.filter((other) => other % 2 === 1).map(lineNumber)
  const to = fc.oneof(
    fc.constant('voicemail'),
    fc.constant('fax'),
    fc.constant(ABROAD),
    spelled('0033612345678'),
    spelled('0033145678901'),
    ...lines.map((number) => spelled(number)),
  )
  return fc
    .record({
      unconditional: optional(fc.record({ to })),
      noAnswer: optional(
        fc
          .record({ after: optional(fc.integer({ min: 5, max: 60 })), to })
          .map((forward) => ({ ...withoutUndefined(forward), to: forward.to })),
      ),
      busy: optional(fc.record({ to })),
      unreachable: optional(fc.record({ to })),
    })
    .map((forwarding) => ({ ...forwarding }))
}

function arbitraryAlias(at: number, shape: Shape): fc.Arbitrary<unknown> {
  const number = spelled(`00339722000${String(at).padStart(2, '0')}`)
  if (shape.lines === 0) return fc.record({ number })
  // One alias at most presents itself for a line.
  const line = spelled(lineNumber(at % shape.lines))
  const present = at < shape.lines ? fc.boolean() : fc.constant(false)
  return fc
    .record({ number, redirect: optional(fc.record({ line, present })) })
    .map(withoutUndefined)
}

function arbitraryShortNumbers(shape: Shape): fc.Arbitrary<unknown[]> {
  const to = fc.oneof(
    spelled('0033612345678'),
    spelled('0033826101010'),
    ...(shape.lines > 0 ? [spelled(lineNumber(0))] : []),
  )
  const ofSite = ['7001', '700', '7890'].map((number) =>
    fc.record({ number: fc.constant(number), to, name: optional(arbitraryName) }),
  )
  const ofLine = Array.from({ length: shape.lines }, (_, at) =>
    fc.record({
      number: fc.constantFrom('2001', '201', '2999'),
      line: spelled(lineNumber(at)),
      to,
    }),
  )
  return fc
    .tuple(...ofSite.map(optional), ...ofLine.map(optional))
    .map((entries) => entries.filter((each) => each !== undefined).map(withoutUndefined))
}

function arbitraryTrunk(at: number): fc.Arbitrary<unknown> {
  return fc
    .record({
      name: fc
        .constantFrom('carrier', 'backup_', 'sbc_lyon')
        .map((name) => `${name}${at}`),
      address: fc.constantFrom(5060, 5080).map((port) => `127.0.1.${at + 1}:${port}`),
      format: optional(fc.constantFrom('e164', '00')),
    })
    .map(withoutUndefined)
}

function lineNumber(at: number): string {
  return `003397210${String(at + 1).padStart(4, '0')}`
}

/** The spellings in which people write a French number. */
function spelled(canonical: string): fc.Arbitrary<string> {
  const national = `0${canonical.slice(4)}`
  return fc.constantFrom(
    canonical,
    national,
    `+${canonical.slice(2)}`,
    (national.match(/\d\d/g) ?? []).join(' '),
  )
}

function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined })
}

/** A key without a value is a key that the operator did not write. */
function withoutUndefined(entry: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== undefined),
  )
}
