import type { Line } from './line.js'

/** The line whose box `123` opens, by number. */
export function boxOf(line: Line): string {
  return line.defaultVoicemail ?? line.number
}

/** A line listens to its own box, or to one of its account (spec B8). */
export function mayOpen(line: Line, owner: Line | undefined): boolean {
  if (!owner?.voicemail) return false
  if (owner.number === line.number) return true
  return line.group !== undefined && owner.group === line.group
}
