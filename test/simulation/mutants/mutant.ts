/** A bug as somebody might write it: in this file of `src/call`, this text instead of that. */
export interface Mutant {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
  /** Who must notice. A scenario where §7.2 promises nothing about it. */
  readonly by: 'simulation' | 'scenario'
}
