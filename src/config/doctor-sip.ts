import {
  APPLY,
  type Check,
  parameter,
  parameterOfEach,
  RESTART,
  setting,
  type Wanted,
} from './doctor-check.js'
import { answer, type Facts, linesAsked, parameterIn } from './doctor-facts.js'

const global = 'pjsip show settings'
const rtp = 'rtp show settings'

/** The phones and the carriers. */
export const sipChecks: readonly Check[] = [
  ofPjsip('T01', 'sip.identify', 'endpoint_identifier_order', 'ip,username'),
  ofPjsip('T02', 'sip.realm', 'default_realm', ({ site }) => site.realm),
  ofPjsip(
    'asterisk#2170',
    'sip.overload',
    'taskprocessor_overload_trigger',
    'pjsip_only',
  ),
  ofPjsip('§8', 'sip.userOptions', 'ignore_uri_user_options', 'true'),
  ofPjsip('§9', 'sip.timer', 'timer_t1', '100'),
  ofPjsip('§9', 'sip.timer', 'timer_b', '6400'),
  {
    test: 'T07',
    code: 'sip.address',
    remedy: RESTART,
    finds: (facts) => {
      const { host, port } = facts.site.sip
      const bound = [
        ...answer(facts, 'pjsip show transports').matchAll(
          /^Transport: +(\w+) .* (\S+)$/gm,
        ),
      ]
      const elsewhere = bound.filter(([, , address]) => address !== `${host}:${port}`)
      return elsewhere.map(
        ([, name, address]) => `the transport ${name} listens on ${address}`,
      )
    },
  },
  {
    test: 'T07',
    code: 'rtp.strict',
    remedy: APPLY,
    finds: setting(rtp, 'Strict RTP', 'Yes'),
  },
  {
    test: 'T07',
    code: 'rtp.probation',
    remedy: APPLY,
    finds: setting(rtp, 'Probation', '8 frames'),
  },
  {
    test: 'T07',
    code: 'rtp.ports',
    remedy: APPLY,
    finds: (facts) => [
      ...setting(rtp, 'Port start', ({ site }) => String(site.rtp.from))(facts),
      ...setting(rtp, 'Port end', ({ site }) => String(site.rtp.to))(facts),
    ],
  },
  {
    test: 'T04',
    code: 'log.security',
    remedy: APPLY,
    // The name of the file is cut off, whatever its length.
    finds: (facts) =>
      /^\S+ +File .* Enabled .*SECURITY/m.test(answer(facts, 'logger show channels'))
        ? []
        : ['refused registrations are written nowhere'],
  },
  {
    test: 'T01',
    code: 'sip.stranger',
    remedy: 'Take it out of etc/custom/pjsip_custom.conf',
    finds: strangers,
  },
  {
    test: 'I-R1',
    code: 'line.missing',
    remedy: APPLY,
    finds: (facts) => {
      const there = new Set(endpoints(facts))
      const { lines, trunks } = facts.site
      const wanted = [
        ...lines.map(({ number }) => number),
        ...trunks.map(({ name }) => name),
      ]
      return wanted
        .filter((name) => !there.has(name))
        .map((name) => `there is no endpoint ${name}`)
    },
  },
  ofLines('T09', 'line.context', 'context', 'from-line'),
  ofLines('T08', 'line.identity', 'trust_id_inbound', 'false'),
  ofLines('T08', 'line.identity', 'trust_connected_line', 'no'),
  ofLines('T14', 'line.subscribe', 'allow_subscribe', 'false'),
  ofLines('T14', 'line.messages', 'message_context', 'transfer-refused'),
  {
    test: 'T11',
    code: 'line.transfer',
    remedy: APPLY,
    // Open or closed is for the site to say; elsewhere a REFER reaches any number.
    finds: (facts) =>
      ofEachLine(facts).flatMap((command) => {
        const context = parameterIn(answer(facts, command), 'TRANSFER_CONTEXT')
        if (context === 'transfer' || context === 'transfer-refused') return []
        return [`${command.split(' ').at(-1)}: TRANSFER_CONTEXT is "${context}"`]
      }),
  },
  ofLines('§5', 'line.media', 'direct_media', 'false'),
  ofLines('§4', 'line.connectedLine', 'send_connected_line', 'no'),
  ofLines('T07', 'line.rtpTimeout', 'rtp_timeout', '60'),
  ofLines('T07', 'line.rtpTimeout', 'rtp_timeout_hold', '3600'),
  {
    test: 'T01',
    code: 'line.password',
    remedy: APPLY,
    finds: (facts) =>
      ofEachLine(facts)
        .filter((command) => (parameterIn(answer(facts, command), 'auth') ?? '') === '')
        .map((command) => `${command.split(' ').at(-1)} needs no password`),
  },
  ofAors('max_contacts', '1'),
  ofAors('remove_existing', 'true'),
  ofAors('remove_unavailable', 'true'),
  {
    test: 'T06',
    code: 'line.contact',
    remedy: APPLY,
    finds: unguarded,
  },
  ofTrunks('T11', 'trunk.transfer', 'allow_transfer', 'false'),
  ofTrunks('T09', 'trunk.context', 'context', 'from-trunk'),
  ofTrunks('T14', 'trunk.subscribe', 'allow_subscribe', 'false'),
]

function ofPjsip(test: string, code: string, name: string, wanted: Wanted): Check {
  return { test, code, remedy: APPLY, finds: parameter(global, name, wanted) }
}

function ofLines(test: string, code: string, name: string, wanted: string): Check {
  return { test, code, remedy: APPLY, finds: parameterOfEach(ofEachLine, name, wanted) }
}

function ofAors(name: string, wanted: string): Check {
  const commands = ({ site }: Facts) =>
    linesAsked(site).map((line) => `pjsip show aor ${line}`)
  const finds = parameterOfEach(commands, name, wanted)
  return { test: 'T06', code: 'line.onePhone', remedy: APPLY, finds }
}

function ofTrunks(test: string, code: string, name: string, wanted: string): Check {
  const commands = ({ site }: Facts) =>
    site.trunks.map((trunk) => `pjsip show endpoint ${trunk.name}`)
  return { test, code, remedy: APPLY, finds: parameterOfEach(commands, name, wanted) }
}

function ofEachLine({ site }: Facts): readonly string[] {
  return linesAsked(site).map((line) => `pjsip show endpoint ${line}`)
}

function endpoints(facts: Facts): string[] {
  const rows = answer(facts, 'pjsip show endpoints').matchAll(
    /^ Endpoint: {2}([^\s/<]+)/gm,
  )
  return [...rows].map(([, name = '']) => name)
}

function strangers(facts: Facts): string[] {
  const { lines, trunks } = facts.site
  const ours = new Set([
    ...lines.map(({ number }) => number),
    ...trunks.map(({ name }) => name),
  ])
  return endpoints(facts)
    .filter((name) => !ours.has(name))
    .map((name) => `there is an endpoint ${name} that no site file names`)
}

/** What the dialplan says of the contacts that it does not call. */
/** Both places look at contacts: the handler of the called leg, and what needs none. */
function unguarded(facts: Facts): string[] {
  const guard = answer(facts, 'dialplan show called')
  if (!guard.includes('Hangup(20)'))
    return ['lines are called wherever their phones have registered']
  const looks = [guard, answer(facts, 'dialplan show ring')].map(hostsIn)
  return facts.site.trunks
    .filter(({ address }) => looks.some((hosts) => !hosts.includes(address.host)))
    .map(({ name }) => `a phone may register the address of the trunk ${name}`)
}

function hostsIn(dialplan: string): readonly string[] {
  return dialplan.replaceAll('[.]', '.').split(/[(|:)]/)
}
