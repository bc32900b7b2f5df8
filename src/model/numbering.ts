/** What a number costs and whom it reaches, for the outgoing rules (reliability §3.8). */
export type NumberClass =
  | 'emergency'
  | 'national'
  | 'mobile'
  | 'freephone'
  /** Charged above the price of a call, or a service of another operator. */
  | 'special'
  /** A country that a line may be allowed to call. */
  | 'international'
  /** Never dialled: satellites, premium abroad, countries of high risk. */
  | 'closed'

/** One row of a numbering plan; the first row whose prefix fits decides. */
export interface NumberRange {
  readonly prefix: RegExp
  readonly class: NumberClass
}

/** How a country writes its numbers, where the library of formats does not say. */
export interface NumberingPlan {
  /** Digits that are a number on their own, without country code: `3631`, `118218`. */
  readonly shortCodes: readonly NumberRange[]
  /** National significant numbers, without the leading zero. */
  readonly national: readonly NumberRange[]
  /** National numbers that have a country code of their own, like the overseas departments. */
  readonly territories: readonly { readonly prefix: RegExp; readonly code: string }[]
}

/**
 * Countries a line may call when its `outgoing.international` says so: the European Union
 * and the European Economic Area, whose prices are capped by law (Regulation 2018/1971).
 */
export const openCountries: ReadonlySet<string> = new Set([
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU'],
  ...['IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
  ...['IS', 'LI', 'NO'],
  // Parts of member states with a country code, or a code of the library, of their own.
  ...['AX', 'GF', 'GP', 'MF', 'MQ', 'RE', 'YT'],
])

/**
 * Inmarsat, shared satellite and international networks, premium: whatever the country of
 * the caller, nobody calls these by intent, and fraud does (reliability §3.8).
 */
export const closedPrefixes: readonly string[] = [
  '00870',
  '00878',
  '00881',
  '00882',
  '00883',
  '00888',
  '00979',
]
