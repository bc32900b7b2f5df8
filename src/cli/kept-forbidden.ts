import { directoryOf } from '../call/directory.js'
import { forbiddenForwards } from '../call/forbidden-forwards.js'
import { forwardKinds } from '../model/forwarding.js'
import { printPath } from '../model/refusal.js'
import type { Site } from '../model/site.js'
import { siteInForce } from '../store/site-in-force.js'
import type { KeptSetting } from './kept-settings.js'

/** A forward that a subscriber has set, and that the site file does not allow. */
export interface ForbiddenForward {
  readonly line: string
  /** The setting, like `forwarding.busy.to`. */
  readonly key: string
  /** The rule it breaks, and what to do. */
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** Among these kept settings, once the site file is applied. Throws StoreUnavailable. */
export function forbiddenKept(
  dir: string,
  site: Site,
  kept: readonly Pick<KeptSetting, 'line' | 'key'>[],
): ForbiddenForward[] {
  const forwards = kept.filter(({ key }) => key.startsWith(PREFIX))
  if (forwards.length === 0) return []
  const directory = directoryOf(siteInForce(dir, site))
  return forwards.flatMap(({ line: number, key: setting }) => {
    const line = directory.lines.get(number)
    const kinds = forwardKinds.filter((kind) => `${PREFIX}${kind}` === setting)
    if (!line) return []
    return forbiddenForwards(line, kinds, directory).map((found) => {
      const { path, code, message, remedy } = found
      return { line: number, key: printPath(path), code, message, remedy }
    })
  })
}

const PREFIX = 'forwarding.'

const MOST_SHOWN = 40

/** Beneath a plan, as a warning: applying it is possible all the same. */
export function forbiddenBlock(forbidden: readonly ForbiddenForward[]): string[] {
  if (forbidden.length === 0) return []
  const shown = forbidden
    .slice(0, MOST_SHOWN)
    .map(({ line, key, code, message, remedy }) => {
      return `  ${line}  ${key}: ${code}  ${message} — ${remedy}`
    })
  const rest = forbidden.length - shown.length
  return [
    ...[
      '',
      'Kept forwards that this site file does not allow: calls that meet them end with 480.',
    ],
    ...shown,
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ]
}
