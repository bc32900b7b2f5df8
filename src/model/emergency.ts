/**
 * Emergency numbers by country, as data (reliability §3.7). France: Arcep's list, with
 * 116111 by decision 2017-1251. A country that is not listed has 112, which every
 * mobile network and most fixed ones answer; its operator adds the rest in the site file.
 */
const byCountry: Readonly<Record<string, readonly string[]>> = {
  BE: ['112', '100', '101'],
  CH: ['112', '117', '118', '144', '1414'],
  DE: ['112', '110'],
  ES: ['112', '061', '062', '080', '091', '092'],
  FR: [
    ...['15', '17', '18', '112', '114', '115', '119', '191', '196', '197'],
    ...['116000', '116111', '116117'],
  ],
  GB: ['112', '999'],
  IT: ['112', '113', '115', '118'],
  LU: ['112', '113'],
  MC: ['112', '15', '17', '18'],
  US: ['911', '112'],
}

/** What must be reachable from every line of the country, whatever the site file says. */
export function emergencyNumbersOf(country: string): readonly string[] {
  return byCountry[country] ?? ['112']
}

/**
 * The emergency number that a dialled string means, if any: the exact digits,
 * `+112` or `00112`, and `3651` or `3652` before the digits. Nothing fuzzy: `0112`
 * begins a geographic number (reliability §3.7).
 */
export function emergencyDialled(
  dialled: string,
  numbers: readonly string[],
): string | undefined {
  if (numbers.includes(dialled)) return dialled
  if (dialled === '+112' || dialled === '00112') return '112'
  const behindPrefix = /^365[12](\d+)$/.exec(dialled)?.[1]
  return numbers.find((number) => number === behindPrefix)
}
