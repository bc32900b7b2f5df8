import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deviations } from '../../../src/config/doctor.js'
import { consoleCommands, type Facts } from '../../../src/config/doctor-facts.js'
import { readBack } from '../../../src/config/read-back.js'
import { render } from '../../../src/config/render.js'
import { deployment, line, site } from './rendered-site.js'

const carrier = {
  ...{ name: 'carrier', address: { host: '127.0.0.5', port: 5080 } },
  format: 'e164' as const,
}
const files = render(site([line('0033972100001')], [carrier]), deployment)

/** What a real Asterisk 22.10.1 printed when it ran on these files. */
const recorded = new Map(
  readFileSync(new URL('doctor-console.txt', import.meta.url), 'utf8')
    .split(/^### /m)
    .slice(1)
    .map((part): [string, string] => {
      const end = part.indexOf('\n')
      return [part.slice(0, end), part.slice(end + 1)]
    }),
)

const healthy: Facts = {
  console: recorded,
  site: readBack(files),
  asteriskConf: files.find(({ name }) => name === 'asterisk.conf')?.text ?? '',
  files: [
    { path: 'etc', mode: 0o750 },
    { path: 'etc/current/pjsip_auth.conf', mode: 0o640 },
    { path: 'secrets.json', mode: 0o600 },
    { path: 'run', mode: 0o750 },
  ],
  missingPrompts: [],
  uid: 65534,
  now: Date.UTC(2026, 6, 1),
}

/** The same system with one text of the console changed; the text must have been there. */
function planted(command: string, from: string | RegExp, to: string): Facts {
  const before = recorded.get(command) ?? ''
  const after = before.replace(from, to)
  if (before === after) throw new Error(`nothing to plant in "${command}"`)
  return { ...healthy, console: new Map([...recorded, [command, after]]) }
}

function found(facts: Facts): string[] {
  return deviations(facts).map(({ test, code }) => `${test} ${code}`)
}

it('the recording holds every command', () => {
  expect([...recorded.keys()]).toEqual(consoleCommands(healthy.site))
})

it('finds nothing in a system that is as rendered', () => {
  expect(deviations(healthy)).toEqual([])
})

describe('the doctor finds in the console', () => {
  const core = 'core show settings'
  const http = 'http show status'
  const ami = 'manager show user linekeeper'
  const amiAll = 'manager show settings'
  const sip = 'pjsip show settings'
  const rtp = 'rtp show settings'
  const one = 'pjsip show endpoint 0033972100001'
  const aor = 'pjsip show aor 0033972100001'
  const trunk = 'pjsip show endpoint carrier'
  it.each([
    ['core show version', /22\.10\.1/, '22.10.0', '§3.3 asterisk.tooOld'],
    ['core show version', /22\.10\.1/, '20.19.9', '§3.3 asterisk.tooOld'],
    [core, /(Shell on remote consoles:\s+)Disabled/, '$1Enabled', 'T25 console.shell'],
    [core, /(Executable includes:\s+)Disabled/, '$1Enabled', 'T24 config.exec'],
    [core, /(Maximum calls:\s+)Not set/, '$1100 (Current 0)', '§3.7 emergency.refused'],
    [core, '0.000000', '0.900000', '§3.7 emergency.refused'],
    [core, '0 MB', '10 MB', '§3.7 emergency.refused'],
    [core, 'node1', 'node2', '§1 asterisk.node'],
    ['module show', /^app_read\.so/m, 'app_chanspy.so', 'T13 module.extra'],
    ['module show', /^app_read\.so/m, 'chan_iax2.so', 'T13 module.extra'],
    ['module show', /^app_read\.so.*\n/m, '', 'T13 module.missing'],
    ['module show', /^(chan_pjsip.*)Running {4}/m, '$1Not Running', 'T13 module.missing'],
    [
      'dialplan show default',
      /^/,
      "[ Context 'default' created by 'pbx_config' ]\n",
      'T01 dialplan.default',
    ],
    [http, '127.0.0.1:8088', '0.0.0.0:8088', 'T20 http.address'],
    [http, '/ws =>', '/static/... => Static\n/ws =>', 'T20 http.path'],
    [http, /0: {2}deny/, '0: allow', 'T20 http.restriction'],
    [http, /^ {2}Path: \/ws\n.*$/ms, '', 'T20 http.restriction'],
    ['ari show status', /(Allowed Origins:).*/, '$1 *', 'T20 ari.origins'],
    ['ari show users', /$/, 'No    Yes   dashboard\n', 'T21 ari.user'],
    ['ari show user linekeeper', 'ACL?: Yes', 'ACL?: No', 'T20 ari.acl'],
    [amiAll, '127.0.0.1:5038', '0.0.0.0:5038', 'T22 ami.address'],
    [amiAll, /(Web Manager \(AMI\/HTTP\):\s+)No/, '$1Yes', 'T22 ami.web'],
    [amiAll, /(Allow multiple login:\s+)No/, '$1Yes', 'T22 ami.logins'],
    [amiAll, /(Debug:\s+)No/, '$1Yes', 'T22 ami.debug'],
    ['manager show users', 'linekeeper\n', 'linekeeper\nadmin\n', 'T22 ami.user'],
    [ami, 'ACL: yes', 'ACL: no', 'T22 ami.acl'],
    [ami, 'system,call,reporting', 'system,call,reporting,originate', 'T22 ami.write'],
    [ami, 'read perm: system', 'read perm: all', 'T22 ami.read'],
    [sip, 'ip,username', 'ip,username,anonymous', 'T01 sip.identify'],
    [sip, /(default_realm\s+: )linekeeper/, '$1asterisk', 'T02 sip.realm'],
    [sip, 'pjsip_only', 'global', 'asterisk#2170 sip.overload'],
    [sip, /(ignore_uri_user_options\s+: )true/, '$1false', '§8 sip.userOptions'],
    [sip, /(timer_t1\s+: )100/, '$1500', '§9 sip.timer'],
    [sip, '6400', '32000', '§9 sip.timer'],
    ['pjsip show transports', '127.0.0.1:5060', '0.0.0.0:5060', 'T07 sip.address'],
    [rtp, /(Strict RTP:\s+)Yes/, '$1No', 'T07 rtp.strict'],
    [rtp, '8 frames', '4 frames', 'T07 rtp.probation'],
    [rtp, '10999', '20000', 'T07 rtp.ports'],
    ['logger show channels', 'SECURITY', 'NOTICE', 'T04 log.security'],
    [
      'pjsip show endpoints',
      / Endpoint: {2}carrier/,
      ' Endpoint:  anonymous',
      'T01 sip.stranger',
    ],
    [
      'pjsip show endpoints',
      / Endpoint: {2}0033972100001/,
      ' Other:',
      'I-R1 line.missing',
    ],
    [one, /( context\s+: )from-line/, '$1default', 'T09 line.context'],
    [one, /(trust_id_inbound\s+: )false/, '$1true', 'T08 line.identity'],
    [one, /(trust_connected_line\s+: )no/, '$1yes', 'T08 line.identity'],
    [one, /(allow_subscribe\s+: )false/, '$1true', 'T14 line.subscribe'],
    [one, /(message_context\s+: )transfer-refused/, '$1', 'T14 line.messages'],
    [one, /(TRANSFER_CONTEXT\s+: )transfer-refused/, '$1from-line', 'T11 line.transfer'],
    [one, /( direct_media\s+: )false/, '$1true', '§5 line.media'],
    [one, /(send_connected_line\s+: )no/, '$1yes', '§4 line.connectedLine'],
    [one, /(rtp_timeout\s+: )60/, '$10', 'T07 line.rtpTimeout'],
    [one, /(rtp_timeout_hold\s+: )3600/, '$10', 'T07 line.rtpTimeout'],
    [one, /( auth\s+: )0033972100001/, '$1', 'T01 line.password'],
    [aor, /(max_contacts\s+: )1/, '$15', 'T06 line.onePhone'],
    [aor, /(remove_existing\s+: )true/, '$1false', 'T06 line.onePhone'],
    [aor, /(remove_unavailable\s+: )true/, '$1false', 'T06 line.onePhone'],
    ['dialplan show called', 'Hangup(20)', 'NoOp()', 'T06 line.contact'],
    ['dialplan show called', '127[.]0[.]0[.]5', '127[.]0[.]0[.]6', 'T06 line.contact'],
    ['dialplan show ring', '127[.]0[.]0[.]5', '127[.]0[.]0[.]6', 'T06 line.contact'],
    [trunk, /(allow_transfer\s+: )false/, '$1true', 'T11 trunk.transfer'],
    [trunk, /( context\s+: )from-trunk/, '$1from-line', 'T09 trunk.context'],
    [trunk, /(allow_subscribe\s+: )false/, '$1true', 'T14 trunk.subscribe'],
  ])('%s: %s', (command, from, to, deviation) => {
    expect(found(planted(command, from, to))).toContain(deviation)
  })
})

describe('the doctor finds beside the console', () => {
  const secret = { path: 'etc/current/pjsip_auth.conf', mode: 0o640 }
  it.each([
    ['a process of root', { uid: 0 }, 'T25 asterisk.root'],
    ['C09 a clock without battery', { now: 60_000 }, 'C09 clock.wrong'],
    ['C09 a mistyped year', { now: Date.UTC(2099, 0, 1) }, 'C09 clock.wrong'],
    ['a prompt that is not there', { missingPrompts: ['fr/beep'] }, 'D9 prompt.missing'],
    ['a file others may read', { files: [{ ...secret, mode: 0o644 }] }, 'T26 file.mode'],
    [
      'a file its group may write',
      { files: [{ ...secret, mode: 0o660 }] },
      'T26 file.mode',
    ],
    [
      'a folder others may enter',
      { files: [{ path: 'etc', mode: 0o755 }] },
      'T26 file.mode',
    ],
    [
      'dangerous functions',
      { asteriskConf: '[options]\nlive_dangerously = yes' },
      'T23 config.dangerous',
    ],
    ['nothing said about them', { asteriskConf: '[options]' }, 'T23 config.dangerous'],
  ])('%s', (_what, other, deviation) => {
    expect(found({ ...healthy, ...other })).toEqual([deviation])
  })

  it('a console that says nothing, check by check', () => {
    const silent = found({ ...healthy, console: new Map() })
    expect(silent.length).toBeGreaterThan(30)
  })
})

it('a deviation says what is, what should be and what to do', () => {
  const facts = planted('rtp show settings', /(Strict RTP:\s+)Yes/, '$1No')
  expect(deviations(facts)).toEqual([
    {
      test: 'T07',
      code: 'rtp.strict',
      message: 'Strict RTP is "No", not "Yes"',
      remedy:
        'Run "linekeeper apply" again; if it stays, an addition in etc/custom says otherwise',
    },
  ])
})
