import { describe, expect, it } from 'vitest'
import { type Consent, missingConsent } from '../../../src/config/apply-policy.js'
import { sealGeneration, withSiteFile } from '../../../src/config/generation.js'
import type { Deployed } from '../../../src/config/generation-folder.js'
import { isEmpty, type Plan, type Present, planOf } from '../../../src/config/plan.js'
import { readOnlyAtStart } from '../../../src/config/plan-modules.js'
import { planJson, planText } from '../../../src/config/plan-text.js'
import { filesWith, SITE, siteWith } from './site.js'

/** SITE is deployed and Asterisk runs it, unless said otherwise. */
function present(over: Partial<Deployed> = {}, busy: string[] = []): Present {
  const { hash, files } = sealGeneration(withSiteFile(filesWith(), SITE))
  return {
    deployed: { folder: `gen-${hash}`, hash, files, drift: [], ...over },
    site: siteWith(),
    running: { hash, busyLines: new Set(busy) },
  }
}

function plan(edit: (text: string) => string, now: Present = present()): Plan {
  const siteText = edit(SITE)
  return planOf({ site: siteWith(edit), siteText, rendered: filesWith(edit) }, now)
}

const same = (text: string) => text
const renamed = (text: string) => text.replace('Portier', 'Gardien')
const withoutLine3 = (text: string) =>
  text.replace(/ {2}- \{ number: "0033972100003".*\n/, '')
const moved = (text: string) => text.replace('sip: 127.0.0.1:5060', 'sip: 127.0.0.1:5062')

describe('planOf', () => {
  it.each<[string, (text: string) => string]>([
    ['the same site', same],
    ['a comment more', (text) => `${text}# the end\n`],
  ])('has nothing to do for %s', (_name, edit) => {
    expect(isEmpty(plan(edit))).toBe(true)
  })

  it('has something to do for what only the controller reads', () => {
    const made = plan((text) => text.replace('calls: 3', 'calls: 4'))
    expect(made.sections).toEqual([])
    expect(isEmpty(made)).toBe(false)
    expect(made.change.modules).toEqual(['pbx_config.so'])
  })

  it('reloads everything when Asterisk runs something else', () => {
    const now = { ...present(), running: { hash: 'other', busyLines: new Set<string>() } }
    const made = plan(same, now)
    expect(isEmpty(made)).toBe(false)
    expect(made.change.modules).toContain('manager')
  })

  it.each<[string, Plan, string[]]>([
    ['a renamed line', plan(renamed), []],
    [
      'a line that goes during its call',
      plan(withoutLine3, present({}, ['0033972100003'])),
      ['apply.massDelete', 'line.inCall'],
    ],
    [
      'a file edited by hand',
      plan(renamed, present({ drift: ['pjsip.conf'] })),
      ['apply.drift'],
    ],
    ['a SIP address that moves', plan(moved), ['address.changed', 'asterisk.restart']],
    [
      'a trunk that goes',
      plan((text) => text.replace(/trunks:\n.*\n/, '')),
      ['trunk.removed'],
    ],
    [
      'another emergency number',
      plan((text) => `${text}emergency: { add: ["3114"] }\n`),
      ['emergency.changed'],
    ],
  ])('names the dangers of %s', (_name, made, codes) => {
    expect(made.dangers.map(({ code }) => code)).toEqual(codes)
  })

  it('has another checksum for another wish, and after an edit by hand', () => {
    const now = present()
    const edited = present({ files: [{ name: 'pjsip.conf', text: 'edited' }] })
    const sums = [plan(same, now), plan(renamed, now), plan(renamed, edited)]
    expect(new Set(sums.map(({ checksum }) => checksum)).size).toBe(3)
    expect(plan(renamed).checksum).toBe(plan(renamed).checksum)
  })

  it('shows no secret, in text or JSON', () => {
    const made = plan(same, {})
    const shown = planText(made) + JSON.stringify(planJson(made))
    for (const secret of ['k7Vw2mXq9sLd4RtY', '824613', 'aaaaaaaa', 'bbbbbbbb']) {
      expect(shown).not.toContain(secret)
    }
  })
})

describe('readOnlyAtStart', () => {
  it('knows a module for every other file we render', () => {
    const all = filesWith().map(({ name }) => ({
      file: name,
      section: 'general',
      kind: 'change' as const,
      lines: [],
    }))
    expect([...readOnlyAtStart(all)].sort()).toEqual([
      'asterisk.conf',
      'ccss.conf',
      'cdr_custom.conf',
      'cli.conf',
      'modules.conf',
      'pjsip_transports.conf',
      'sorcery.conf',
      'stasis.conf',
      'websocket_client.conf',
    ])
  })
})

describe('missingConsent', () => {
  const nothing: Consent = { yes: false }
  const yes: Consent = { yes: true }
  const drifted = plan(renamed, present({ drift: ['pjsip.conf'] }))

  it.each<[string, Plan, Consent, string | undefined]>([
    ['no change needs none', plan(same), nothing, undefined],
    ['a change needs a word', plan(renamed), nothing, 'confirm.required'],
    ['--yes is one', plan(renamed), yes, undefined],
    [
      'the checksum is one',
      plan(renamed),
      { yes: false, checksum: plan(renamed).checksum },
      undefined,
    ],
    [
      'another checksum is none',
      plan(renamed),
      { yes: true, checksum: 'x' },
      'plan.changed',
    ],
    ['--yes does not cover a mass deletion', plan(withoutLine3), yes, 'apply.massDelete'],
    [
      'nor does a wrong count',
      plan(withoutLine3),
      { yes: true, deletions: 2 },
      'apply.massDelete',
    ],
    ['the exact count does', plan(withoutLine3), { yes: true, deletions: 1 }, undefined],
    ['--yes does not cover an edit by hand', drifted, yes, 'apply.drift'],
    ['the checksum does', drifted, { yes: false, checksum: drifted.checksum }, undefined],
  ])('%s', (_name, made, consent, code) => {
    expect(missingConsent(made, consent)?.code).toBe(code)
  })
})
