/**
 * What a check found wrong in a site file, an order or a setting.
 *
 * `invalid` findings are mistakes of form (exit 78), `policy` findings are
 * well-formed wishes that a rule refuses (exit 4), `warning`s let pass.
 */
export interface Finding {
  /** Stable slug, `noun.rule`: `number.duplicate`, `forward.loop`. */
  readonly code: string
  readonly severity: 'invalid' | 'policy' | 'warning'
  /** Where in the document: `['lines', 2, 'number']`. */
  readonly path: readonly (string | number)[]
  /** The fact, with the value: "short number 7001 is declared twice". */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}
