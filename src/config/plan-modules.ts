import type { SectionChange } from './diff-sections.js'

/** It also carries the sentinel, so it is reloaded at every apply. */
const DIALPLAN = 'pbx_config.so'

/** The one whose reload costs seconds on a large site (performance §4). */
export const PJSIP = 'res_pjsip.so'

/**
 * Which module reads which file, in the order of reloading: an endpoint is there
 * before the dialplan that dials it, and the dialplan, which carries the sentinel,
 * comes last. Verified one by one on 22.10.1: these answer a reload, by these names.
 */
const READERS: Readonly<Record<string, RegExp>> = {
  logger: /^logger\.conf$/,
  acl: /^acl\.conf$/,
  indications: /^indications\.conf$/,
  'res_pjproject.so': /^pjproject\.conf$/,
  'res_rtp_asterisk.so': /^rtp\.conf$/,
  udptl: /^udptl\.conf$/,
  'res_musiconhold.so': /^musiconhold\.conf$/,
  features: /^features\.conf$/,
  // All that pjsip.conf includes, but the transports, which it keeps.
  [PJSIP]: /^pjsip(?!_transports)(?:_\w+)?\.conf$/,
  'app_voicemail.so': /^voicemail\.conf$/,
  cdr: /^cdr\.conf$/,
  cel: /^cel\.conf$/,
  'res_ari.so': /^ari\.conf$/,
  http: /^http\.conf$/,
  manager: /^manager\.conf$/,
  [DIALPLAN]: /^extensions(?:_\w+)?\.conf$/,
}

/** Everything Asterisk can read again while it runs. */
export const ALL_MODULES: readonly string[] = Object.keys(READERS)

/**
 * The modules that read the changed files, in the order of reloading. The dialplan
 * is always among them: it says which generation is running.
 */
export function modulesReading(changed: ReadonlySet<string>): readonly string[] {
  return Object.entries(READERS)
    .filter(([module, reads]) => {
      return module === DIALPLAN || [...changed].some((file) => reads.test(file))
    })
    .map(([module]) => module)
}

/**
 * What Asterisk reads only when it starts: transports, modules, folders, and in
 * pjsip.conf the [system] section, which it keeps until then (measured).
 */
export function readOnlyAtStart(sections: readonly SectionChange[]): readonly string[] {
  const isReloaded = (file: string) => {
    return Object.values(READERS).some((reads) => reads.test(file))
  }
  const needing = sections.flatMap(({ file, section }) => {
    if (file === 'pjsip.conf' && section.endsWith('(system)')) return [`${file} [system]`]
    return isReloaded(file) ? [] : [file]
  })
  return [...new Set(needing)]
}
