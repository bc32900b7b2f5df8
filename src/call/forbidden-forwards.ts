import type { Finding } from '../model/finding.js'
import { type ForwardKind, writtenTarget } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import { keptForward, withForward } from '../model/setting-keys.js'
import { changeSettings } from './change-settings.js'
import type { Directory } from './directory.js'

/**
 * Of these forwards of a line those that are on, and that nobody could set any more: they
 * were good when they were set, and the site is another one now. A call that meets one
 * ends with 480.
 */
export function forbiddenForwards(
  line: Line,
  kinds: readonly ForwardKind[],
  directory: Directory,
): Finding[] {
  return kinds.flatMap((kind) => {
    const kept = keptForward(line, kind)
    if (!kept?.active) return []
    const { to, after } = kept
    const wanted = { to: writtenTarget(to), ...(after !== undefined && { after }) }
    const before = withForward(line, kind, undefined)
    const set = changeSettings(before, { forwarding: { [kind]: wanted } }, directory)
    return set.kind === 'refused' ? [...set.findings] : []
  })
}
