import type { Address, PortRange } from './address.js'
import type { Path } from './finding.js'
import type { Line } from './line.js'
import type { Plan } from './plan.js'
import type { Alias, ShortNumber, Trunk } from './site.js'

/** A part of a site file, and where it stands. */
export interface Placed<T> {
  readonly path: Path
  readonly value: T
}

/** Who has a number: every line and alias of the file, also those with mistakes. */
export interface Owner {
  readonly kind: 'line' | 'alias'
  readonly number: string
  readonly path: Path
}

/** A trunk of the file; its address may be missing or too wide. */
export type DraftTrunk = Omit<Trunk, 'address'> & { readonly address?: Address | string }

/**
 * What could be read of a site file. The checks run on it whether or not it is whole,
 * so that one mistake does not hide another.
 */
export interface Draft {
  readonly country: string
  readonly voicemailAccess?: string
  readonly asterisk?: {
    readonly sip: Address
    readonly rtp: PortRange
    readonly ari: Address
    readonly ami: Address
  }
  readonly http?: Address
  readonly emergency: {
    readonly add: readonly string[]
    readonly numbers?: readonly string[]
  }
  readonly plans: ReadonlyMap<string, Plan>
  /** The names of all plans, also of those with mistakes. */
  readonly planNames: ReadonlySet<string>
  readonly owners: readonly Owner[]
  readonly lines: readonly Placed<Line>[]
  readonly aliases: readonly Placed<Alias>[]
  readonly shortNumbers: readonly Placed<ShortNumber>[]
  readonly trunks: readonly Placed<DraftTrunk>[]
  /** Trunks of the file, also those with mistakes. */
  readonly trunkCount: number
  /** The groups that lines name, also lines with mistakes. */
  readonly groups: ReadonlySet<string>
}

/** The first owner of each number; a second one is a finding of its own. */
export function ownersByNumber(draft: Draft): ReadonlyMap<string, Owner> {
  return new Map([...draft.owners].reverse().map((owner) => [owner.number, owner]))
}
