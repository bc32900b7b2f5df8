import { type Code, rules, type Severity } from './finding-codes.js'

/** Where in the document: `['lines', 2, 'number']`. */
export type Path = readonly (string | number)[]

/** What a check found wrong in a site file, an order or a setting. */
export interface Finding {
  /** Stable slug, `noun.rule`: `number.duplicate`, `forward.loop`. */
  readonly code: string
  readonly severity: Severity
  readonly path: Path
  /** The fact, with the value: "short number 7001 is declared twice". */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
  /** The other place, when the finding is about two: a duplicate, two listeners. */
  readonly also?: Path
  /** The finding is about the key itself, not about its value. */
  readonly ofKey?: boolean
}

/** A finding with the severity and the remedy that its rule prescribes. */
export function finding(code: Code, path: Path, message: string, also?: Path): Finding {
  return { code, path, message, ...rules[code], ...(also && { also }) }
}
