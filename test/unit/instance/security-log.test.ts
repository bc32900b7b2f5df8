import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  authenticationIn,
  authenticationsOf,
} from '../../../src/instance/security-log.js'

/** As Asterisk 22 writes it. */
function entry(event: string, more = ''): string {
  return (
    '[2026-11-21 06:21:33.337] SECURITY[19741] res_security_log.c: ' +
    `SecurityEvent="${event}",EventTV="2026-11-21T06:21:33.337+0000",` +
    'Severity="Informational",Service="PJSIP",EventVersion="1",AccountID="0033972100001",' +
    'SessionID="4483",LocalAddress="IPV4/UDP/127.0.175.1/5060",' +
    `RemoteAddress="IPV4/UDP/192.0.2.10/5060"${more}`
  )
}

const atMs = Date.UTC(2026, 10, 21, 6, 21, 33, 337)
const known = { line: '0033972100001', address: '192.0.2.10:5060', atMs }

describe('the security log', () => {
  it.each([
    ['SuccessfulAuth', { ...known, succeeded: true }],
    ['ChallengeResponseFailed', { ...known, succeeded: false }],
    ['InvalidPassword', { ...known, succeeded: false }],
    ['ChallengeSent', undefined],
  ])('tells of %s', (event, expected) => {
    expect(authenticationIn(entry(event, ',UsingPassword="1"'))).toEqual(expected)
  })

  it.each(['', 'no event at all', 'SecurityEvent="SuccessfulAuth",Service="AMI"'])(
    'of %j tells nothing',
    (text) => expect(authenticationIn(text)).toBeUndefined(),
  )

  it('is read from its end, the last one first; without it there are none', () => {
    const dir = mkdtempSync(join(tmpdir(), 'lk-log-'))
    const file = join(dir, 'security.log')
    expect(authenticationsOf(dir, known.line)).toEqual([])
    writeFileSync(file, `${entry('SuccessfulAuth')}\n${entry('InvalidPassword')}\n`)
    const found = authenticationsOf(dir, known.line)
    expect(found.map(({ succeeded }) => succeeded)).toEqual([false, true])
    expect(authenticationsOf(dir, '0033972100002')).toEqual([])
    rmSync(dir, { recursive: true })
  })
})
