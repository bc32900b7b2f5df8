/** The words of a command cannot be understood; the message says which, and what can. */
export class UsageError extends Error {
  override name = 'UsageError'
}
