import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyChange, type Changed } from '../../../src/config/apply.js'
import { planJob } from '../../../src/config/apply-site.js'
import { realHands } from '../../../src/config/hands.js'
import { readJournal } from '../../../src/config/journal.js'
import { type Deployed, deploy } from './deployed.js'
import { numberOf, siteText } from './site-text.js'

/** What the lint would have found, had it been asked: L13 by L13. */
const damages: [string, string, (text: string) => string, RegExp][] = [
  [
    'an unknown codec of a line that is there already',
    'pjsip_lines.conf',
    (text) =>
      text
        .replace(`[${numberOf(3)}]`, `[${numberOf(3)}]`)
        .replace(/(\[00339721\d*3\]\(line\)\n)/, '$1allow = nonesuch\n'),
    /nonesuch/,
  ],
  [
    'an unknown option of a line that comes new',
    'pjsip_lines.conf',
    (text) =>
      text.replace(new RegExp(`(\\[${numberOf(10)}\\]\\(line\\)\n)`), '$1nonesuch = 1\n'),
    new RegExp(numberOf(10)),
  ],
  [
    'the same endpoint twice',
    'pjsip_lines.conf',
    (text) => `${text}\n[${numberOf(1)}](line)\naors = ${numberOf(1)}\n`,
    /duplicate|endpoint/i,
  ],
  [
    'an unclosed bracket',
    'extensions.conf',
    (text) => `[broken\n${text}`,
    /LK_GEN|reload/i,
  ],
  ['an empty pjsip.conf', 'pjsip.conf', () => '', /carrier is not known by its address/],
  ['an empty file of lines', 'pjsip_lines.conf', () => '', /no endpoint 0033/],
  [
    'an include that is not there',
    'pjsip.conf',
    (text) => `#include "none.conf"\n${text}`,
    /none/,
  ],
  [
    'no way to dial 112',
    'extensions.conf',
    (text) => text.replaceAll(/^exten => 112,.*$/gm, ''),
    /112 cannot be dialled/,
  ],
  [
    'a dialplan without its end',
    'extensions.conf',
    (text) => text.slice(0, -40),
    /LK_GEN/,
  ],
]

describe('an Asterisk that refuses what it is given', () => {
  let here: Deployed

  beforeAll(async () => {
    here = await deploy(10)
  })
  afterAll(() => here.end())

  /** An apply whose files are damaged after the lint, before Asterisk reads them. */
  function applyDamaged(
    text: string,
    file: string,
    damage: (text: string) => string,
  ): Promise<Changed> {
    return here.reach(async ({ asterisk, job: jobOf }) => {
      const job = jobOf(text)
      const { change } = await planJob(job)
      const hands = realHands(here.dir, job.reader, asterisk)
      const stage: typeof hands.stage = async (generation) => {
        const folder = await hands.stage(generation)
        const path = join(here.dir, 'etc', folder, file)
        const before = readFileSync(path, 'utf8')
        const after = damage(before)
        if (before === after) throw new Error(`${file}: the damage did nothing`)
        writeFileSync(path, after)
        return folder
      }
      return applyChange(change, { ...hands, stage }, new AbortController().signal)
    })
  }

  it.each(damages)('%s is taken back', async (_name, file, damage, reason) => {
    const before = here.current()
    // A line more, one renamed and a box: every file with lines in it changes.
    const text = siteText(here.address, 11, { 3: { name: 'Renamed' } })
    const changed = await applyDamaged(text, file, damage)

    expect(changed).toMatchObject({ kind: 'rolledBack', left: [] })
    if (changed.kind === 'rolledBack') expect(changed.refusals.join('\n')).toMatch(reason)
    expect(here.current()).toBe(before)
    expect(`gen-${await here.running()}`).toBe(before)
    const endpoints = await here.console('pjsip show endpoints')
    expect(endpoints).toContain(numberOf(9))
    expect(endpoints).not.toContain(numberOf(10))
    expect((await readJournal(here.dir))?.state).toBe('verified')
  })

  it('takes the good files afterwards', async () => {
    const text = siteText(here.address, 11, { 3: { name: 'Renamed' } })
    expect((await here.apply(text)).kind).toBe('applied')
  })
})
