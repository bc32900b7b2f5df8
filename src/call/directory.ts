import type { Line } from '../model/line.js'
import type { Plan } from '../model/plan.js'
import type { Holders } from '../model/presentation.js'
import {
  type Alias,
  DEFAULT_INTERDIGIT_MS,
  type ShortNumber,
  type Site,
  type Trunk,
} from '../model/site.js'
import { type ToneZone, toneZoneOf } from '../model/tone-zone.js'

/** A site, indexed for the questions a call asks. */
export interface Directory {
  readonly country: string
  /** Whose tones a caller hears: a zone of indications.conf. */
  readonly toneZone: ToneZone
  readonly plans: ReadonlyMap<string, Plan>
  readonly lines: ReadonlyMap<string, Line>
  readonly aliases: ReadonlyMap<string, Alias>
  /** The alias a line shows on its outgoing calls, by line (spec B6). */
  readonly presentedBy: ReadonlyMap<string, string>
  readonly shortNumbers: readonly ShortNumber[]
  /** How long a fourth digit is waited for, in milliseconds (spec A12). */
  readonly interdigitMs: number
  /** Whether a line that dials a feature code uses a call slot for it (spec D1). */
  readonly codesCount: boolean
  /** In the order in which they are tried. */
  readonly trunks: readonly Trunk[]
  readonly emergencyNumbers: readonly string[]
  readonly voicemailAccess?: string
}

/** The same with another one of its lines; the other lines are not looked at. */
export function withLine(directory: Directory, line: Line): Directory {
  return { ...directory, lines: new Map(directory.lines).set(line.number, line) }
}

/** Who has which number, for what a line may show (spec C3). */
export function holdersIn({ lines, aliases }: Directory): Holders {
  return { line: (number) => lines.get(number), alias: (number) => aliases.get(number) }
}

export function directoryOf(site: Site): Directory {
  const presenting = site.aliases.flatMap(({ number, redirect }) =>
    redirect?.present ? [[redirect.line, number] as const] : [],
  )
  return {
    country: site.site.country,
    toneZone: toneZoneOf(site.site.country),
    plans: new Map(Object.entries(site.plans)),
    lines: new Map(site.lines.map((line) => [line.number, line])),
    aliases: new Map(site.aliases.map((alias) => [alias.number, alias])),
    presentedBy: new Map(presenting),
    shortNumbers: site.shortNumbers,
    interdigitMs: site.site.interdigitMs ?? DEFAULT_INTERDIGIT_MS,
    codesCount: site.site.featureCodesCount ?? true,
    trunks: site.trunks,
    emergencyNumbers: site.emergencyNumbers,
    ...(site.voicemailAccess !== undefined && { voicemailAccess: site.voicemailAccess }),
  }
}
