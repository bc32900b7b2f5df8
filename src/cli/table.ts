type Row = readonly string[]

/** Rows in columns as wide as their widest cell; an empty table is only its head. */
export function tableText(head: Row, rows: readonly Row[]): string[] {
  const all = [head, ...rows]
  const widths = head.map((_title, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  )
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function printTable(head: Row, rows: readonly Row[]): void {
  for (const line of tableText(head, rows)) console.log(line)
}
