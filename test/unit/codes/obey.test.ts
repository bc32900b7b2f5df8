import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { noCodeUse, obey } from '../../../src/call/code-command.js'
import {
  PROMPTS_OF,
  REFUSALS,
  SECOND_PROMPTS,
  STATES,
} from '../../../src/call/code-saying.js'
import { parseCode } from '../../../src/call/codes.js'
import type { Line } from '../../../src/model/line.js'
import { Secret } from '../../../src/model/secret.js'
import { ALICE, BOB } from '../call/told.js'
import { Handset } from './handset.js'

const toMobile = { to: { kind: 'number', number: '0033612345678' } } as const
const box = { voicemail: { pin: new Secret('824613') } }

describe('what is dialled, in order, and what is heard', () => {
  const rows: [rule: string, alice: Partial<Line>, dialled: [string, string][]][] = [
    [
      'a forward is set, asked, switched off, and on again with its number',
      {},
      [
        ['*21*0612345678#', 'cfu-on to-number 0612345678'],
        ['*#21#', 'cfu-is-on to-number 0612345678'],
        ['#21#', 'cfu-off'],
        ['*#21#', 'cfu-is-off'],
        ['*21#', 'cfu-on to-number 0612345678'],
        ['**21#', 'cfu-off'],
        ['**21#', 'cfu-on to-number 0612345678'],
      ],
    ],
    [
      'nothing stored',
      {},
      [
        ['*21#', 'no nothing-stored'],
        ['**69#', 'no nothing-stored'],
        ['#21#', 'cfu-off'],
        ['*#69#', 'cfb-is-off'],
      ],
    ],
    [
      'the delay: 20 at first, kept, set',
      {},
      [
        ['*61*0612345678#', 'cfnr-on to-number 0612345678 20'],
        ['*61*0612345678*8#', 'cfnr-on to-number 0612345678 8'],
        ['*61*0972100002#', 'cfnr-on to-number 0972100002 8'],
        ['#61#', 'cfnr-off'],
        ['**61#', 'cfnr-on to-number 0972100002 8'],
        ['*61*0612345678*4#', 'no delay-refused'],
        ['*#61#', 'cfnr-is-on to-number 0972100002 8'],
      ],
    ],
    [
      '#002 clears all four, CFNL too; their numbers are kept',
      {
        forwarding: {
          unconditional: toMobile,
          busy: toMobile,
          noAnswer: { after: 9, ...toMobile },
          unreachable: toMobile,
        },
      },
      [
        ['#002', 'forwards-cancelled'],
        ['*#21#', 'cfu-is-off'],
        ['*#61#', 'cfnr-is-off'],
        ['*#69#', 'cfb-is-off'],
        ['*61#', 'cfnr-on to-number 0612345678 9'],
        ['#002#', 'forwards-cancelled'],
      ],
    ],
    [
      'voicemail: her own, none, another of her group, one of nobody',
      box,
      [
        [`*21*92${ALICE}#`, 'cfu-on to-voicemail'],
        ['*#21#', 'cfu-is-on to-voicemail'],
        [`*69*92${BOB}#`, 'cfb-on to-voicemail-of 0972100002'],
        ['*21*920612345678#', 'no number-refused'],
      ],
    ],
    ['no voicemail', {}, [[`*21*92${ALICE}#`, 'no voicemail-none']]],
    [
      'the voicemail of another account',
      { group: 'lyon' },
      [[`*21*92${BOB}#`, 'no number-refused']],
    ],
    [
      'short numbers are kept as what they stand for',
      {},
      [
        ['*21*7001#', 'no forward-loop'],
        ['*21*7002#', 'cfu-on to-number 0972100002'],
        ['*21*2003#', 'no number-invalid'],
        ['*21*7999#', 'no number-invalid'],
      ],
    ],
    [
      'targets that money or law forbids',
      {},
      [
        ['*21*112#', 'no number-refused'],
        ['*21*0899123456#', 'no number-refused'],
        ['*21*118218#', 'no number-refused'],
        ['*21*0034911234567#', 'no number-refused'],
        ['*21*00881612345678#', 'no number-refused'],
        [`*21*${ALICE}#`, 'no forward-loop'],
        ['*21*061234567#', 'no number-invalid'],
        ['*#21#', 'cfu-is-off'],
      ],
    ],
    [
      'a circle through another line',
      {},
      [
        [`*21*${BOB}#`, 'no forward-loop'],
        ['*#21#', 'cfu-is-off'],
      ],
    ],
    ...(
      [
        ['24', 'absent'],
        ['26', 'do-not-disturb'],
        ['31', 'hide-number'],
        ['82', 'reject-anonymous'],
      ] as const
    ).map(([code, service]): (typeof rows)[number] => [
      `${service}: on, off, asked, toggled`,
      {},
      [
        [`*#${code}#`, `${service}-is-off`],
        [`*${code}#`, `${service}-on`],
        [`*${code}#`, `${service}-on`],
        [`*#${code}#`, `${service}-is-on`],
        [`#${code}#`, `${service}-off`],
        [`**${code}#`, `${service}-on`],
        [`**${code}#`, `${service}-off`],
      ],
    ]),
    [
      'the lock: the default PIN is told to be changed',
      {},
      [
        ['*33#', 'lock-on pin-must-change'],
        ['#33*1111#', 'no pin-wrong'],
        ['#33*0000#', 'lock-off'],
        ['*#33#', 'lock-is-off'],
      ],
    ],
    [
      'the lock with a PIN of its own: checked, never set',
      { lock: { pin: new Secret('4711'), active: false } },
      [
        ['*33*1234#', 'no pin-wrong'],
        ['*33*4711#', 'lock-on'],
        ['*#33#', 'lock-is-on'],
        ['*#33*4711#', 'lock-is-on'],
        ['*#33*4712#', 'no pin-wrong'],
        ['#33#', 'no refused'],
        ['*26#', 'no outgoing-locked'],
        ['*#21#', 'no outgoing-locked'],
        ['#33*4711#', 'lock-off'],
      ],
    ],
    [
      'five wrong PINs, and the right one is refused too',
      { lock: { pin: new Secret('4711'), active: true } },
      [
        ...Array.from({ length: 5 }, (): [string, string] => [
          '#33*1111#',
          'no pin-wrong',
        ]),
        ['#33*4711#', 'no pin-locked-out'],
        ['*#33#', 'lock-is-on'],
      ],
    ],
    [
      'what is no code',
      {},
      [
        ['*99#', 'no code-unknown'],
        ['##002#', 'no code-unknown'],
        ['#0021#', 'no code-unknown'],
        ['#31#0612345678', 'no code-unknown'],
        ['*11#', 'no nothing-to-pick-up'],
      ],
    ],
  ]

  it.each(rows)('%s', (rule, alice, dialled) => {
    const circle = rule.startsWith('a circle')
    const bob = circle
      ? { forwarding: { busy: { to: { kind: 'number', number: ALICE } as const } } }
      : box
    const handset = new Handset(alice, bob)
    const heard = dialled.map(([code]) => [code, handset.dial(code)])
    expect(heard).toEqual(dialled)
  })
})

it('refuses the eleventh code of a minute, and goes on after it (row F19)', () => {
  const handset = new Handset()
  const dial = (code: string): string => {
    handset.at -= 6_999
    return handset.dial(code)
  }
  for (let count = 0; count < 10; count += 1) dial('**26#')
  expect(dial('**26#')).toBe('no too-many-changes')
  expect(handset.line.doNotDisturb).toBe(false)
  handset.at += 60_000
  expect(handset.dial('**26#')).toBe('do-not-disturb-on')
})

it('has the parity right after fifty changes over (row F23)', () => {
  const handset = new Handset({ forwarding: { unconditional: toMobile } })
  for (let count = 1; count <= 50; count += 1) {
    handset.dial('**21#')
    expect(handset.line.forwarding.unconditional === undefined).toBe(count % 2 === 1)
  }
})

it('changes nothing where nothing is to be changed', () => {
  const { line, directory } = new Handset()
  const parsed = parseCode('#26#', 'FR')
  expect(obey({ line, parsed, use: noCodeUse, at: 0, directory }).change).toBeUndefined()
})

it('says nothing that has no prompt', () => {
  const file = join(import.meta.dirname, '../../../asterisk/sounds/prompts.yaml')
  const { prompts } = parse(readFileSync(file, 'utf8')) as { prompts: { id: string }[] }
  const there = new Set(prompts.map(({ id }) => id))
  const stems = Object.values(PROMPTS_OF)
  const said = [
    ...[...REFUSALS, ...SECOND_PROMPTS, 'forwards-cancelled', 'codes-unavailable'],
    ...stems.flatMap((stem) => STATES.map((state) => `${stem}-${state}`)),
  ]
  expect(said.filter((id) => !there.has(id))).toEqual([])
})
