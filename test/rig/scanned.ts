import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { until } from './until.js'

const ATTEMPT =
  '[2026-11-21 06:21:33.337] SECURITY[1] res_security_log.c: SecurityEvent=' +
  '"InvalidAccountID",EventTV="2026-11-21T06:21:33.337+0000",Service="PJSIP",' +
  'AccountID="admin",RemoteAddress="IPV4/UDP/192.0.2.7/5060"\n'

/** A scan of five seconds makes the security log in `folder` long: it is shortened. */
export async function expectShortened(folder: string): Promise<void> {
  const log = join(folder, 'security.log')
  appendFileSync(log, ATTEMPT.repeat(5_000))
  const past = (): string => readFileSync(join(folder, 'security-past.log'), 'utf8')
  await until('it is shortened', () => past().includes('InvalidAccountID'), {
    limitSeconds: 10,
  })
  expect(past().match(/InvalidAccountID/g)).toHaveLength(20)
  await until('a short one is written', () => statSync(log).size < 10_000)
  expect(readdirSync(folder)).not.toContain('security.log.aside')
}
