/**
 * Where a forwarded call goes (spec A7.2).
 *
 * `voicemail` without a line is the box of the forwarding line itself.
 */
export type ForwardTarget =
  | { readonly kind: 'voicemail'; readonly line?: string }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'fax'; readonly line?: string }

/** The four forwards of a line, in the words of the site file and the API (spec A7.1). */
export interface Forwarding {
  /** CFU */
  readonly unconditional?: { readonly to: ForwardTarget }
  /** CFNR; `after` in seconds, 5 to 60. */
  readonly noAnswer?: { readonly after: number; readonly to: ForwardTarget }
  /** CFB */
  readonly busy?: { readonly to: ForwardTarget }
  /** CFNL */
  readonly unreachable?: { readonly to: ForwardTarget }
}
