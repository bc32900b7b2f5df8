import type { Ami } from './ami.js'
import { AmiError } from './ami-error.js'

/** Where the dialplan counts wrong remote passwords of a voicemail, by line (spec B8, T32). */
const FAMILY = 'lk_wrong'

export type Forgotten = 'forgotten' | 'nothingCounted' | 'notReached'

/** The box of a line opens again with the right password, however many were wrong. */
export async function forgetWrongPasswords(
  { database }: Pick<Ami, 'database'>,
  line: string,
): Promise<Forgotten> {
  try {
    const counted = await database.tree(FAMILY)
    if (!counted.has(line)) return 'nothingCounted'
    await database.del(FAMILY, line)
    return 'forgotten'
  } catch (error) {
    // Who reopens hears that Asterisk does not have it yet, and does it again.
    if (error instanceof AmiError) return 'notReached'
    throw error
  }
}
