/** The letters of the bad-input corpus, and how many rows each has. */
const ROWS: Readonly<Record<string, number>> = {
  ...{ C: 14, E: 20, F: 24, H: 30, L: 4, P: 3, S: 42, V: 13, Y: 40 },
}

/** Rows about what does not exist here, and what that is. */
export const NOT_APPLICABLE: readonly (readonly [what: string, ...rows: string[]])[] = [
  ['time slots of a line: a site file has none', 'Y32'],
  ['queues', 'Y33'],
  ['interactive voice menus (IVR)', 'Y34'],
  ['click-to-call', 'H23'],
  ['recordings of calls', 'E19'],
  ['a controller on another host than its Asterisk', 'E20'],
  ['imports of forwards: tables hold short numbers and filter lists', 'V10'],
  ['a ledger shared by several nodes', 'L01', 'L02', 'L03', 'L04'],
  ['provisioning of phones', 'P01', 'P02', 'P03'],
]

/** Rows with another answer than the corpus asks for, and why that is accepted. */
export const ANSWERED_OTHERWISE: Readonly<Record<string, string>> = {
  // pjproject#3541; only a program that calls it has it, and no module of Asterisk does.
  S15:
    'a merged request is a second call with a slot of its own instead of 482: PJSIP could ' +
    'tell, but Asterisk does not ask it and has no option for it; no limit is passed',
}

const ROW = new RegExp(`\\b([${Object.keys(ROWS).join('')}])(\\d\\d)\\b`, 'g')

export const allRows: readonly string[] = Object.entries(ROWS).flatMap(
  ([letter, count]) =>
    Array.from(
      { length: count },
      (_, at) => `${letter}${String(at + 1).padStart(2, '0')}`,
    ),
)

/** The rows that a title names: `Y04 a number without quotes`, `consent (C04, C05)`. */
export function rowsIn(title: string): string[] {
  const named = [...title.matchAll(ROW)].map(([row]) => row)
  return [...new Set(named)].filter((row) => allRows.includes(row))
}
