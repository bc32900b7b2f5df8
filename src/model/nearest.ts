/** Changes of one letter (add, drop, replace, swap neighbours) that make `b` of `a`. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (beforeLast[j - 2] ?? i) + 1
          : replaced
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped))
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** The known name that was probably meant, or none: a far-fetched guess misleads. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  // Longer words than any name of ours are no typing mistake, and would cost time.
  if (word.length > 40) return undefined
  const allowed = Math.max(1, Math.floor(word.length / 3))
  let best: { name: string; changes: number } | undefined
  for (const name of known) {
    const changes = distance(word.toLowerCase(), name.toLowerCase())
    if (changes <= allowed && changes < (best?.changes ?? Infinity))
      best = { name, changes }
  }
  return best?.name
}
