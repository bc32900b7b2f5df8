/** Prints rows in columns as wide as their widest cell; an empty table is only its head. */
export function printTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const all = [head, ...rows]
  const widths = head.map((_title, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of all) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
    console.log(cells.join('  ').trimEnd())
  }
}
