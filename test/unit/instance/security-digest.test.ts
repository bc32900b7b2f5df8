import { describe, expect, it } from 'vitest'
import { SecurityDigest } from '../../../src/instance/security-digest.js'

function entry(event: string, account: string, source: string, minute = 21): string {
  return (
    '[2026-11-21 06:21:33.337] SECURITY[19741] res_security_log.c: ' +
    `SecurityEvent="${event}",EventTV="2026-11-21T06:${minute}:33.337+0000",` +
    `Service="PJSIP",AccountID="${account}",RemoteAddress="IPV4/UDP/${source}/5060"`
  )
}

function many(times: number, of: (at: number) => string): string[] {
  return Array.from({ length: times }, (_, at) => of(at))
}

describe('the digest of the security log', () => {
  it('keeps what is rare, and no challenge', () => {
    const failed = entry('InvalidPassword', '0033972100001', '192.0.2.7')
    const proved = entry('SuccessfulAuth', '0033972100002', '192.0.2.8')
    const challenge = entry('ChallengeSent', '0033972100002', '192.0.2.8')
    const digest = new SecurityDigest()
    const begin = '[2026-11-21 10:06:53.036] Asterisk 22.10.1 built by …'
    expect(digest.of([begin, challenge, failed, '', proved])).toEqual([failed, proved])
    expect(digest.upTo('2026-11-21T06:22')).toEqual([])
  })

  it('keeps the first failures of a source, and counts the others', () => {
    const digest = new SecurityDigest()
    const scan = many(60, (at) => entry('InvalidAccountID', `a${at}`, '192.0.2.7'))
    expect(digest.of(scan)).toEqual(scan.slice(0, 20))
    expect(digest.upTo('2026-11-21T06:21')).toEqual([])
    const later = entry('InvalidAccountID', 'a', '192.0.2.7', 22)
    expect(digest.of([later])).toEqual([
      'SecurityEvent="LeftOut",EventTV="2026-11-21T06:21:33.337+0000",Count="40",' +
        'Accounts="40",RemoteAddress="IPV4/UDP/192.0.2.7"',
      later,
    ])
  })

  it('keeps every phone of one address that proves itself', () => {
    const digest = new SecurityDigest()
    const phones = many(500, (at) => entry('SuccessfulAuth', `00${at}`, '192.0.2.8'))
    expect(digest.of(phones)).toEqual(phones)
  })

  it('stays short when the sources are forged, and still counts them', () => {
    const digest = new SecurityDigest()
    const forged = many(20_000, (at) =>
      entry('InvalidAccountID', 'a', `10.0.${at >> 8}.${at & 255}`),
    )
    expect(digest.of(forged)).toHaveLength(3_000)
    const counts = digest.upTo('2026-11-21T06:22')
    expect(counts).toHaveLength(101)
    expect(counts.at(-1)).toBe('SecurityEvent="LeftOut",Count="16900",Sources="16900"')
  })
})
