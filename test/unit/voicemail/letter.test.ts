import { describe, expect, it } from 'vitest'
import { letterOf, messageIdOf } from '../../../src/voicemail/letter.js'

const arrived = {
  kind: 'voicemail',
  line: '0033972100001',
  from: '0033612345678',
  at: Date.UTC(2026, 0, 31, 22, 59),
  seconds: 12,
} as const
const paris = { timeZone: 'Europe/Paris' }

describe('a mail about what arrived', () => {
  it('says who called whom, when and for how long, in the language of the line', () => {
    const { subject, text, filename } = letterOf(arrived, true, {
      language: 'fr',
      ...paris,
    })
    expect(subject).toBe('Nouveau message vocal de 0033612345678')
    expect(text).toContain('31 janvier 2026')
    expect(text).toContain('23:59')
    expect(text).toContain('12 s')
    expect(text).toContain('Le message est joint.')
    expect(filename).toBe('message-20260131T225900.wav')
  })

  it('tells how to listen when it carries no recording', () => {
    const { text } = letterOf(arrived, false, { language: 'en', ...paris })
    expect(text).toContain('Dial 123')
    expect(text).not.toContain('attached')
  })

  it('of a caller who hides names nobody, and of a fax has no length', () => {
    const fax = { kind: 'fax', line: arrived.line, from: null, at: arrived.at } as const
    const { subject, text, filename } = letterOf(fax, true, { language: 'en', ...paris })
    expect(subject).toBe('New fax from unknown number')
    expect(text).not.toContain('Length')
    expect(filename).toMatch(/^fax-.*\.tif$/)
  })

  it('has one identity for one recipient, whenever it is sent', () => {
    const id = (item: string, to: string) => messageIdOf(item, to, 'pbx@example.org')
    expect(id('voicemail/1/2', 'a@b.org')).toBe(id('voicemail/1/2', 'a@b.org'))
    expect(id('voicemail/1/2', 'a@b.org')).not.toBe(id('voicemail/1/2', 'c@b.org'))
    expect(id('voicemail/1/2', 'a@b.org')).toMatch(/^<[0-9a-f]{32}@example\.org>$/)
  })
})
