import type { Finding } from '../model/finding.js'
import type { CallView, LineView, Status } from './views.js'
import type { WhyView } from './why-view.js'

/** What the API asks of the running controller. */
export interface Controller {
  status(): Status
  /** These reject with AsteriskUnreachable while there is no connection. */
  lines(): Promise<LineView[]>
  /** Of any spelling the canonical number of a line; undefined when it is none. */
  canonical(number: string): string | undefined
  /** Any spelling of the number; undefined when it is none of a line. */
  line(number: string): Promise<LineView | undefined>
  why(number: string): Promise<WhyView | undefined>
  calls(): Promise<CallView[]>
  /** Reads the site file again; what is wrong with it changes nothing. */
  reload(): Promise<Reloaded>
}

export type Reloaded =
  | { readonly kind: 'reloaded'; readonly lines: number }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

/** Asked for something that only Asterisk knows, while it does not answer. */
export class AsteriskUnreachable extends Error {
  override name = 'AsteriskUnreachable'
}
