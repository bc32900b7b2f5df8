import { describe, expect, it } from 'vitest'
import { mayBeCalledAt, shownContact } from '../../../src/model/contact.js'

const BOB = '0033972100002'
const forbidden = [
  { host: '192.0.2.1' },
  { host: '192.0.2.2', port: 5070 },
  { host: '192.0.2.9', port: 5060 },
]

describe('a phone is called (S33)', () => {
  it.each([
    [`sip:${BOB}@198.51.100.7:5060`, true],
    ['sip:+33972100002@198.51.100.7', true],
    ['sip:bob-0x55d4.c8f0@198.51.100.7;transport=udp;ob', true],
    ['sip:198.51.100.7:5062', true],
    ['sip:bob@192.0.2.2:5060', true],
    ['sip:bob@192.0.2.2:5070', false],
    ['sip:bob@192.0.2.1:5999', false],
    ['sip:bob@192.0.2.9', false],
    ['sip:0033899123456@198.51.100.7', false],
    ['sip:%2B33-899%2E123456@198.51.100.7', false],
    ['sip:bob:x@198.51.100.7', false],
    ['sip:bob@phones.example.org', false],
    ['sip:bob@3221225985', false],
    ['sip:bob@198.51.100.7;%6DAddr=192.0.2.1', false],
    ['sip:bob@198.51.100.7?Route=%3Csip:192.0.2.1%3E', false],
    ['sip:bob%@198.51.100.7', false],
    ['sips:bob@198.51.100.7', false],
  ])('at %s: %s', (uri, expected) => {
    expect(mayBeCalledAt(uri, BOB, forbidden)).toBe(expected)
  })
})

it('a contact is shown as plain text of one line', () => {
  expect(shownContact('sip:\u001b[31m\r\nbob@x')).toBe('sip:?[31m??bob@x')
  expect(shownContact('x'.repeat(500))).toHaveLength(100)
})
