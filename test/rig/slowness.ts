const LINES = 10_000
/** To parse them as JSON where the limits were set (performance §4). */
const PARSED_MS = 14
const RUNS = 3

/**
 * How many times slower than the machine on which limits in milliseconds were set this one
 * is at this moment, at least 1. A busy host makes memory dear, processor time included:
 * what then takes longer in the same measure is no worse.
 */
export function slowness(): number {
  const text = JSON.stringify(
    Array.from({ length: LINES }, (_, at) => ({
      number: `00339721${at.toString().padStart(5, '0')}`,
      ...{ plan: 'individual', calls: 3, password: 'x'.repeat(40), name: `Line ${at}` },
      forwarding: { busy: { to: 'voicemail' }, noAnswer: { to: 'voicemail', after: 20 } },
    })),
  )
  const begin = process.cpuUsage()
  for (let run = 0; run < RUNS; run++) JSON.parse(text)
  const { user, system } = process.cpuUsage(begin)
  return Math.max(1, (user + system) / 1_000 / RUNS / PARSED_MS)
}
