/** About what a busy site dials in an hour; some hundred kilobytes. */
const MOST = 2_000

/**
 * The same function of a number and a country, which remembers what it said of late. To
 * read a number by the plans of all countries takes a tenth of a millisecond, and one call
 * asks several times for the same few.
 */
export function remembered<Said extends object | string>(
  read: (number: string, country: string) => Said,
): (number: string, country: string) => Said {
  const known = new Map<string, Said>()
  return (number, country) => {
    const key = `${country} ${number}`
    const before = known.get(key)
    if (before !== undefined) return before
    const said = read(number, country)
    // Who dials at random makes us forget, and nothing else.
    if (known.size >= MOST) known.clear()
    known.set(key, said)
    return said
  }
}
