import { describe, it } from 'vitest'
import { type Changes, expectFound } from './document.js'

const rows: [string, Changes, string[]][] = [
  [
    'a plan that includes more than it allows',
    { 'plans.fax.calls': { included: 6, maximum: 5 } },
    ['plan.calls at plans.fax.calls.maximum'],
  ],
  [
    'a Découverte of two calls',
    { 'plans.decouverte.calls.maximum': 2 },
    ['plan.limit at plans.decouverte.calls.maximum'],
  ],
  [
    'more calls than the plan allows',
    { 'lines.0.calls': 31 },
    ['plan.limit at lines.0.calls'],
  ],
  ['two calls on Découverte', { 'lines.2.calls': 2 }, ['plan.limit at lines.2.calls']],
  [
    'a plan that is not there',
    { 'lines.0.plan': 'entreprse' },
    ['ref.missing at lines.0.plan'],
  ],
  ['a plan far from all', { 'lines.0.plan': 'gold' }, ['ref.missing at lines.0.plan']],
  [
    'an upgrade from nowhere',
    { 'plans.fax.upgradesFrom': ['nope'] },
    ['ref.missing at plans.fax.upgradesFrom.0'],
  ],
  [
    'an upgrade from itself',
    { 'plans.fax.upgradesFrom': ['fax'] },
    ['ref.missing at plans.fax.upgradesFrom.0'],
  ],
  [
    'Entreprise back to Découverte',
    { 'plans.decouverte.upgradesFrom': ['entreprise'] },
    ['plan.downgrade at plans.decouverte.upgradesFrom.0'],
  ],
  [
    'no hours to mobiles',
    { 'plans.fax.mobile': { hours: 0 } },
    ['hours.range at plans.fax.mobile.hours'],
  ],
  [
    'too many hours to mobiles',
    { 'plans.fax.mobile': { hours: 745 } },
    ['hours.range at plans.fax.mobile.hours'],
  ],
  [
    'another word for mobiles',
    { 'plans.fax.mobile': 'free' },
    ['hours.range at plans.fax.mobile'],
  ],
  [
    'a price without cents',
    { 'plans.fax.calls.extraPrice': '1' },
    ['price.format at plans.fax.calls.extraPrice'],
  ],
  ['orders', { orders: { vatPercent: 8.5, expireAfterDays: 365 } }, []],
  [
    'orders that never expire, or at once',
    { orders: { expireAfterDays: 0 } },
    ['orders.days at orders.expireAfterDays'],
  ],
  [
    'orders that expire in half a day',
    { orders: { expireAfterDays: 0.5 } },
    ['orders.days at orders.expireAfterDays'],
  ],
  [
    'a VAT of two decimals',
    { orders: { vatPercent: 8.55 } },
    ['orders.vat at orders.vatPercent'],
  ],
  [
    'a VAT in words',
    { orders: { vatPercent: '20 %' } },
    ['orders.vat at orders.vatPercent'],
  ],
  [
    'a price of numbers without cents',
    { orders: { aliasPrice: '1' } },
    ['price.format at orders.aliasPrice'],
  ],
  ['an unknown key of orders', { orders: { vat: 20 } }, ['key.unknown at orders.vat']],
]

describe('Plans and limits: what is wrong is named with its place', () => {
  it.each(rows)('%s', (_, changes, findings) => {
    expectFound(changes, findings)
  })
})
