import { describe, it } from 'vitest'
import { type Changes, expectFound } from './document.js'

const short = { number: '7001', to: '0033972100001' }

const rows: [string, Changes, string[]][] = [
  [
    'an emergency list without all of them',
    { 'emergency.numbers': ['112'] },
    ['emergency.required at emergency.numbers'],
  ],
  [
    'an emergency number that is a service',
    { 'emergency.add': ['3691'] },
    ['number.duplicate at emergency.add.0'],
  ],
  [
    'an emergency number that is a short number',
    { 'emergency.add': ['7001'], shortNumbers: [short] },
    ['number.duplicate at emergency.add.0 and shortNumbers.0.number'],
  ],
  ['no trunk', { trunks: [] }, ['emergency.noTrunk']],

  [
    'a trunk without an address',
    { 'trunks.0.address': undefined },
    ['trunk.open at trunks.0'],
  ],
  [
    'a trunk that is a network',
    { 'trunks.0.address': '10.0.0.0/8' },
    ['trunk.open at trunks.0.address'],
  ],
  [
    'a trunk that is multicast',
    { 'trunks.0.address': '224.0.0.1:5060' },
    ['trunk.open at trunks.0.address'],
  ],
  [
    'a trunk of no address',
    { 'trunks.0.address': 'x' },
    ['address.format at trunks.0.address'],
  ],
  ['a port out of range', { http: '127.0.0.1:65536' }, ['address.format at http']],
  [
    'two listeners on one address',
    { http: '127.0.0.1:8088' },
    ['address.duplicate at http and asterisk.ari'],
  ],
  [
    'a listener on every address',
    { http: '0.0.0.0:8088' },
    ['address.duplicate at http and asterisk.ari'],
  ],
  [
    'a trunk on our own address',
    { 'trunks.0.address': '127.0.0.1:5060' },
    [
      'address.duplicate at trunks.0.address and asterisk.sip',
      'trunk.shared at trunks.0.address and asterisk.sip',
    ],
  ],
  [
    'media over the SIP port',
    { 'asterisk.rtp': '5000-6000' },
    ['rtp.range at asterisk.rtp and asterisk.sip'],
  ],
  ['media from the end', { 'asterisk.rtp': '6000-5000' }, ['rtp.range at asterisk.rtp']],
  ['media below 1024', { 'asterisk.rtp': '1000-2000' }, ['rtp.range at asterisk.rtp']],

  [
    'two trunks at one host',
    { 'trunks.1': { name: 'backup', address: '127.0.0.5:5081' } },
    ['trunk.shared at trunks.1.address and trunks.0.address'],
  ],
  [
    'ARI on the network',
    { 'asterisk.ari': '192.168.1.4:8088' },
    ['listener.exposed at asterisk.ari'],
  ],
  [
    'AMI on every address',
    { 'asterisk.ami': '0.0.0.0:5038' },
    ['listener.exposed at asterisk.ami'],
  ],
  [
    'SIP on the internet',
    { 'asterisk.sip': '192.0.2.7:5060' },
    ['sip.public at asterisk.sip'],
  ],
  [
    'SIP on every address',
    { 'asterisk.sip': '0.0.0.0:5070' },
    ['sip.public at asterisk.sip'],
  ],
]

describe('Emergency calls, trunks and listeners: what is wrong is named with its place', () => {
  it.each(rows)('%s', (_, changes, findings) => {
    expectFound(changes, findings)
  })
})
