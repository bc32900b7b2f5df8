import type { Line } from '../model/line.js'
import { mayShow } from '../model/presentation.js'
import { type Directory, holdersIn } from './directory.js'

/**
 * What a line's calls outside show (spec C3): the number it chose, as long as that is
 * of its group; else its alias; else its own.
 */
export function shownNumber(line: Line, directory: Directory): string {
  const { shownNumber: chosen } = line
  if (chosen !== undefined && mayShow(line, chosen, holdersIn(directory))) return chosen
  return directory.presentedBy.get(line.number) ?? line.number
}
