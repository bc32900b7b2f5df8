import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  isLoopback,
  isPublic,
  isWildcard,
  printAddress,
} from '../../../src/model/address.js'
import { autoAnswerStyles } from '../../../src/model/auto-answer.js'
import { isCode } from '../../../src/model/finding-codes.js'
import { nearest } from '../../../src/model/nearest.js'
import { printable, printPath, show, valueAt } from '../../../src/model/refusal.js'
import { knownKeys } from '../../../src/model/schema-keys.js'
import { isWeak, isWeakPin, Secret } from '../../../src/model/secret.js'
import { SiteFile } from '../../../src/model/site-file.js'
import { toneZoneOf } from '../../../src/model/tone-zone.js'
import { startsOpen } from '../../../src/model/transfer-gate.js'
import { built } from './document.js'

describe('a name of the portal', () => {
  const { webNames } = SiteFile.shape.site.shape
  it.each([
    ['phones.example.org', true],
    ['portal', true],
    ['xn--tlphone-bya.example', true],
    ['Phones.example.org', false],
    ['phones.example.org:8080', false],
    ['https://phones.example.org', false],
    ['192.0.2.7', false],
    ['-a.example', false],
    ['', false],
  ])('%s: %s', (name, isOne) => {
    const read = webNames.safeParse([name])
    expect(read.success).toBe(isOne)
    if (!isOne) expect(read.error?.issues[0]?.message).toBe('webName.format')
  })
})

describe('an address', () => {
  it.each([
    ['8.8.8.8', true],
    ['0.0.0.0', true],
    ['10.1.2.3', false],
    ['127.0.0.1', false],
    ['172.15.0.1', true],
    ['172.16.0.1', false],
    ['172.31.0.1', false],
    ['172.32.0.1', true],
    ['192.168.0.1', false],
    ['192.0.2.1', true],
    ['100.64.0.1', false],
    ['100.127.0.1', false],
    ['100.128.0.1', true],
    ['100.63.0.1', true],
    ['169.254.1.1', false],
    ['169.253.1.1', true],
  ])('%s is public: %s', (host, reachable) => {
    expect(isPublic(host)).toBe(reachable)
  })

  it('prints as it is written', () => {
    expect(printAddress({ host: '127.0.0.1', port: 5060 })).toBe('127.0.0.1:5060')
  })

  it('is loopback, every address of the machine, or neither', () => {
    const hosts = ['127.9.9.9', '0.0.0.0', '10.0.0.1']
    expect(hosts.map(isLoopback)).toEqual([true, false, false])
    expect(hosts.map(isWildcard)).toEqual([false, true, false])
  })
})

describe('the nearest word', () => {
  it.each([
    ['calls', 'calls'],
    ['call', 'calls'],
    ['callls', 'calls'],
    ['cals', 'calls'],
    ['clals', 'calls'],
    ['CALLS', 'calls'],
    ['forwardnig', 'forwarding'],
    ['fwd', undefined],
    ['x', undefined],
    ['', undefined],
    ['a'.repeat(41), undefined],
  ])('to %j is %s', (word, meant) => {
    expect(nearest(word, ['name', 'calls', 'forwarding'])).toBe(meant)
  })

  it('is none where nothing is known', () => {
    expect(nearest('calls', [])).toBeUndefined()
  })
})

describe('a secret', () => {
  const secret = new Secret('k7Vw2mXq9sLd4RtY')

  it('prints as *** wherever it gets to', () => {
    expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`).toBe(
      '*** {"secret":"***"} { secret: *** }',
    )
    expect(JSON.stringify(built().site)).not.toContain(secret.reveal())
  })

  it.each([
    ['k7Vw2mXq9sLd4RtY', false],
    ['password1234', true],
    ['azertyqwerty1234', true],
    ['Asterisk-Admin-0123', true],
    ['abababababab', true],
    ['k7Vw2mXqpassword', false],
    ['k7Vw2mpassword', true],
  ])('%s is weak: %s', (text, weak) => {
    expect(isWeak(text)).toBe(weak)
  })

  it.each([
    ['824613', false],
    ['111111', true],
    ['121212', true],
    ['123123', true],
    ['123456', true],
    ['456789', true],
    ['7890', true],
    ['654321', true],
    ['123465', false],
    ['0000', true],
  ])('the PIN %s is weak: %s', (pin, weak) => {
    expect(isWeakPin(pin)).toBe(weak)
  })
})

describe('a value in a message', () => {
  it.each([
    ['text', '"text"'],
    [7, '7'],
    [true, 'true'],
    [null, 'nothing'],
    [[1], 'a list'],
    [{ a: 1 }, 'a mapping'],
    ['a\u001b[2J\u202e', String.raw`"a\\u{1b}[2J\\u{202e}"`],
    ['a'.repeat(100), `"${'a'.repeat(40)}…"`],
  ])('%j is shown as %s', (value, shown) => {
    expect(show(value, ['lines', 0, 'name'])).toBe(shown)
  })

  it.each([['password'], ['pin']])('is *** below %s', (key) => {
    expect(show('x', ['lines', 0, key])).toBe('***')
  })

  it('has a place', () => {
    expect(printPath(['lines', 2, 'number'])).toBe('lines[2].number')
    expect(printPath(['\u0007', '\n'])).toBe('\\u{7}.\\u{a}')
    expect(printable('é日\t')).toBe('é日\\u{9}')
  })

  it.each([
    [['a', 1, 'b'], 7],
    [['a', 2], undefined],
    [['a', 1, 'c'], undefined],
    [['a', 1, 'b', 'c'], undefined],
    [['toString'], undefined],
    [[], { a: [0, { b: 7 }] }],
  ])('at %j is %j', (path, value) => {
    expect(valueAt({ a: [0, { b: 7 }] }, path)).toEqual(value)
  })
})

describe('the known keys', () => {
  it.each([
    [['site'], 'timeZone'],
    [['lines', 0], 'simultaneous', false],
    [['lines', 0], 'calls'],
    [['lines', 0, 'forwarding'], 'noAnswer'],
    [['lines', 0, 'forwarding', 'noAnswer'], 'after'],
    [['lines', 0, 'forwarding', 'busy', 'to'], 'voicemail'],
    [['lines', 0, 'forwarding', 'busy', 'to'], 'fax'],
    [['lines', 0, 'callWaiting'], 'beep'],
    [['plans', 'any', 'calls'], 'included'],
    [['plans', 'any', 'mobile'], 'hours'],
    [['emergency'], 'add'],
    [['http', 'x'], 'host', false],
    [['nowhere', 0, 'at all'], 'x', false],
  ])('at %j: %s', (path, key, known = true) => {
    expect(knownKeys(SiteFile, path).includes(key)).toBe(known)
  })
})

describe('the headers of an intercom call', () => {
  const styles = autoAnswerStyles('192.0.2.1')

  it('name our address', () => {
    const [standard] = styles
    expect(standard).toMatchObject({ style: 'standard', byAgent: false })
    expect(standard?.headers).toContainEqual({
      name: 'Call-Info',
      value: '<sip:192.0.2.1>;answer-after=0',
    })
    expect(JSON.stringify(styles)).not.toContain('HOST')
  })

  it('have a style of its own for each User-Agent', () => {
    expect(new Set(styles.map(({ style }) => style)).size).toBe(styles.length)
    expect(
      styles.filter(({ byAgent }) => byAgent).every(({ agent }) => agent !== ''),
    ).toBe(true)
  })
})

it('every code of a finding is one of the table', () => {
  expect(isCode('number.duplicate')).toBe(true)
  expect(isCode('toString')).toBe(false)
})

it('the tones of a country are its own where Asterisk has them', () => {
  expect(['FR', 'DE'].map(toneZoneOf)).toEqual(['fr', 'en'])
})

it('a line of one call never transfers', () => {
  expect([1, 2].map((calls) => startsOpen({ calls }))).toEqual([false, true])
})
