import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSite } from '../../../src/config/load.js'
import { arbitrarySite, siteOf } from '../../rig/random-site.js'

test('every random site is valid', () => {
  fc.assert(
    fc.property(arbitrarySite(), (raw) => {
      siteOf(raw)
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('the example site is valid, without a warning', () => {
  const loaded = readSite(readFileSync('examples/site.yaml', 'utf8'), 'site.yaml')
  expect(loaded).toMatchObject({ kind: 'site', warnings: [] })
})
