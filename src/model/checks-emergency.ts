import type { Draft } from './draft.js'
import { emergencyNumbersOf } from './emergency.js'
import { type Finding, finding } from './finding.js'

/** A site may add numbers, never take one of its country away (row Y35). */
export function emergencyIsComplete({ country, emergency }: Draft): Finding[] {
  const { numbers } = emergency
  if (!numbers) return []
  const missing = ['112', ...emergencyNumbersOf(country)].filter(
    (number, at, all) => !numbers.includes(number) && all.indexOf(number) === at,
  )
  if (missing.length === 0) return []
  const message = `emergency.numbers lacks ${missing.join(', ')} (country ${country})`
  return [finding('emergency.required', ['emergency', 'numbers'], message)]
}

/** An added number must not hide a short number or a service of ours. */
export function emergencyIsUnique({ emergency, shortNumbers }: Draft): Finding[] {
  const services = ['123', '3691', '3651', '3652']
  return (['add', 'numbers'] as const).flatMap((key) =>
    (emergency[key] ?? []).flatMap((number, at) => {
      const path = ['emergency', key, at]
      const short = shortNumbers.find(({ value }) => value.number === number)
      if (short) {
        const message = `${number} is an emergency number and a short number`
        return [finding('number.duplicate', path, message, [...short.path, 'number'])]
      }
      if (!services.includes(number)) return []
      return [
        finding('number.duplicate', path, `${number} is a service of the telephone line`),
      ]
    }),
  )
}

/** Without a carrier nobody can call for help. */
export function emergencyCanLeave({ trunkCount }: Draft): Finding[] {
  if (trunkCount > 0) return []
  return [finding('emergency.noTrunk', [], 'no trunk: emergency calls cannot leave')]
}
