import { settingDifferences, withStored } from '../model/setting-keys.js'
import type { Site } from '../model/site.js'
import { storeFile } from '../store/database.js'
import { peekSettings } from '../store/settings.js'
import { Subscribers } from '../store/subscribers.js'
import { resetLines } from './kept-reset.js'
import { UsageError } from './usage-error.js'

/** A setting that a subscriber has otherwise than the site file; values as JSON. */
export interface KeptSetting {
  readonly line: string
  readonly key: string
  readonly kept: string
  readonly siteFile: string
}

/** Where subscribers have something else than a site file. Throws StoreUnavailable. */
export function keptSettings(dir: string, { lines }: Site): KeptSetting[] {
  const stored = peekSettings(storeFile(dir))?.lines
  return lines.flatMap((line) => {
    const changed = stored?.get(line.number)
    if (!changed) return []
    return settingDifferences(line, withStored(line, changed)).map(
      ({ setting: { key, secret }, before, after }) => ({
        line: line.number,
        key,
        kept: secret ? '***' : JSON.stringify(after),
        siteFile: secret ? '***' : JSON.stringify(before),
      }),
    )
  })
}

const MOST_SHOWN = 40

/** What a plan gives back to the site file, and what it leaves as it is. */
export function keptBlock(
  option: string,
  how: string,
  kept: readonly KeptSetting[],
  reset: readonly string[],
): string[] {
  const given = kept.filter(({ line }) => reset.includes(line))
  const left = kept.filter(({ line }) => !reset.includes(line))
  return [
    ...block(`Given back to the site file by ${option}:`, given),
    ...block(`Kept ${how} (${option} gives them back):`, left),
  ]
}

function block(head: string, kept: readonly KeptSetting[]): string[] {
  if (kept.length === 0) return []
  const shown = kept
    .slice(0, MOST_SHOWN)
    .map((each) => `  ${each.line}  ${each.key}: ${each.kept} (file: ${each.siteFile})`)
  const rest = kept.length - shown.length
  return ['', head, ...shown, ...(rest > 0 ? [`  … and ${rest} more`] : [])]
}

/** `--reset-settings` or `--reset-settings=NUMBER,…`: the lines that are meant. */
export function linesToReset(
  name: string,
  option: string | true | undefined,
  kept: readonly KeptSetting[],
  numberOf: (text: string) => string | undefined,
): string[] {
  const changed = [...new Set(kept.map(({ line }) => line))]
  if (option === undefined) return []
  if (option === true) return changed
  return option.split(',').flatMap((text) => {
    const number = numberOf(text.trim())
    if (number === undefined) {
      throw new UsageError(`${name}: ${text} is no line of the site`)
    }
    return changed.includes(number) ? [number] : []
  })
}

export function resetSettings(
  dir: string,
  site: Site,
  lines: readonly string[],
): Promise<void> {
  return resetLines(dir, lines, 'settings', (database) => {
    const subscribers = new Subscribers(site, database, Date.now)
    for (const line of lines) subscribers.reset(line, { door: 'cli', who: 'apply' })
  })
}
