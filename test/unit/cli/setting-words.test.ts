import { afterEach, describe, expect, it, vi } from 'vitest'
import { bodyOf } from '../../../src/cli/setting-words.js'

afterEach(() => {
  delete process.env['LINEKEEPER_PIN']
})

describe('settings as words', () => {
  it.each<[string, unknown]>([
    ['doNotDisturb=on', { doNotDisturb: true }],
    ['doNotDisturb=no', { doNotDisturb: false }],
    ['absent=none', { absent: null }],
    ['callWaiting.beep=phone', { callWaiting: { beep: 'phone' } }],
    ['forwarding.busy=0612345678', { forwarding: { busy: { to: '0612345678' } } }],
    ['forwarding.busy=voicemail', { forwarding: { busy: { to: 'voicemail' } } }],
    [
      'forwarding.busy=voicemail:0972100002',
      { forwarding: { busy: { to: { voicemail: '0972100002' } } } },
    ],
    ['forwarding.busy=off', { forwarding: { busy: { active: false } } }],
    ['forwarding.busy=on', { forwarding: { busy: { active: true } } }],
    ['forwarding.busy=none', { forwarding: { busy: null } }],
    ['forwarding.busy.to=0612345678', { forwarding: { busy: { to: '0612345678' } } }],
    ['forwarding.noAnswer.after=15', { forwarding: { noAnswer: { after: 15 } } }],
    ['lock.active=on', { lock: { active: true } }],
    ['lock=none', { lock: null }],
    ['lock=off', { lock: null }],
    ['defaultVoicemail=0972100002', { defaultVoicemail: '0972100002' }],
    [
      'voicemail.mail=a@example.org,b@example.org:notice',
      {
        voicemail: {
          mail: [
            { to: 'a@example.org', attach: true },
            { to: 'b@example.org', attach: false },
          ],
        },
      },
    ],
    ['voicemail.remotePassword=none', { voicemail: { remotePassword: null } }],
  ])('%s', (word, body) => {
    expect(bodyOf([word])).toEqual(body)
  })

  it('of one forward are one forward', () => {
    const words = ['forwarding.noAnswer=voicemail', 'forwarding.noAnswer.after=15']
    const body = { forwarding: { noAnswer: { to: 'voicemail', after: 15 } } }
    expect(bodyOf(words)).toEqual(body)
    expect(bodyOf([...words].reverse())).toEqual(body)
  })

  it.each([
    ['doNotDistrub=on', /doNotDistrub is no setting\. Write doNotDisturb/],
    ['forwarding.bussy=off', /Write forwarding\.busy/],
    ['forwarding.busy.seconds=3', /no setting.*forwarding\.busy\.to/],
    ['__proto__=on', /no setting/],
    ['constructor.prototype=on', /no setting/],
    ['intercom', /give a value, like intercom=on/],
    ['intercom=maybe', /neither on nor off/],
    ['intercom=', /neither on nor off/],
    ['forwarding.noAnswer.after=soon', /not a whole number/],
    ['forwarding=off', /set forwarding\.unconditional/],
    ['lock.pin=2580', /no value here/],
    ['voicemail.remotePassword=517934', /no value here/],
    ['=on', /no setting/],
  ])('%s is not understood', (word, why) => {
    expect(() => bodyOf([word])).toThrow(why)
  })

  it('take a PIN from the environment, trimmed with a warning (C11)', () => {
    const warned = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    process.env['LINEKEEPER_PIN'] = '2580\n'
    expect(bodyOf(['lock.pin', 'lock.active=on'])).toEqual({
      lock: { pin: '2580', active: true },
    })
    expect(warned.mock.calls).toEqual([['LINEKEEPER_PIN: white space around it\n']])
    warned.mockRestore()
  })
})
