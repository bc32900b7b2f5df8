/** An error of the API, RFC 9457. `type` is a stable slug. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly type: string
  readonly more: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    type: string,
    detail: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail)
    this.status = status
    this.type = type
    this.more = more
  }
}

/** The body of a problem: `application/problem+json`. */
export function problemBody({ status, type, message, more }: Problem) {
  return { type, title: type.replaceAll('-', ' '), status, detail: message, ...more }
}
