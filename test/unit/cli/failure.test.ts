import { describe, expect, it } from 'vitest'
import { AmiError } from '../../../src/ami/ami-error.js'
import { ApiRefusal } from '../../../src/cli/api-client.js'
import { ExplainUsageError } from '../../../src/cli/explain-state.js'
import { failureOf } from '../../../src/cli/failure.js'
import { LockedError } from '../../../src/config/lock.js'
import { EnvironmentError } from '../../../src/instance/environment-error.js'

const dir = '/var/lib/linekeeper'
const user = process.getuid?.()

/** An error as Node makes it of a failed system call. */
function system(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${code}: said the system`), { code, ...more })
}

const listening = { syscall: 'listen', address: '127.0.0.1', port: 80 }

describe('what ends a command', () => {
  it.each([
    [new EnvironmentError('asterisk.missing', 'none'), 5, 'asterisk.missing', 'none'],
    [
      new LockedError('/x.lock', { pid: 7, host: 'here' }),
      5,
      'locked',
      'process 7 on here',
    ],
    [
      new AmiError('unreachable', 'no answer'),
      5,
      'asterisk.unreachable',
      'linekeeper up',
    ],
    [new AmiError('wrongPassword', 'no'), 5, 'asterisk.wrongPassword', 'secrets.json'],
    [new AmiError('tooOld', 'Asterisk 22.9'), 5, 'asterisk.tooOld', 'Asterisk 22.9'],
    [system('EADDRINUSE', listening), 5, 'address.inUse', '127.0.0.1:80'],
    [system('EADDRNOTAVAIL', listening), 5, 'address.notHere', '127.0.0.1:80'],
    [system('EACCES', listening), 5, 'address.notAllowed', 'port from 1024'],
    [system('ENOTDIR', { path: dir }), 5, 'dir.notFolder', 'Name a folder'],
    [new ExplainUsageError('--from: what'), 64, 'usage', '--from: what'],
    [new ApiRefusal(404, 'no such line'), 1, 'api.refused', 'no such line'],
    [system('ENOSPC'), 1, 'failed', 'ENOSPC'],
    [system('ECONNRESET', listening), 1, 'failed', 'ECONNRESET'],
    [new Error('bug: line 1 has no cfb'), 1, 'failed', 'bug: line 1 has no cfb'],
    ['thrown by somebody', 1, 'failed', 'thrown by somebody'],
  ])('%s', (error, exit, code, said) => {
    const failure = failureOf(error, dir)
    expect(failure).toMatchObject({ exit, code })
    expect(failure.message).toContain(said)
  })
  it.each([
    [
      system('EACCES', { path: `${dir}/etc/x` }),
      5,
      'dir.notWritable',
      `chown -R ${user} ${dir}`,
    ],
    [system('EPERM', { path: dir }), 5, 'dir.notWritable', `chown -R ${user} ${dir}`],
    [system('EPERM'), 5, 'dir.notWritable', `chown -R ${user} ${dir}`],
    [
      system('EACCES', { path: '/srv/out' }),
      5,
      'dir.notWritable',
      `chown -R ${user} /srv/out`,
    ],
    [system('EROFS', { path: dir }), 5, 'dir.notWritable', 'Mount it for writing'],
  ])('C07 %s', (error, exit, code, said) => {
    const failure = failureOf(error, dir)
    expect(failure).toMatchObject({ exit, code })
    expect(failure.message).toContain(said)
  })
})
