/** An address that no phone has; without a port, none of its ports. */
export interface Forbidden {
  readonly host: string
  readonly port?: number
}

const OCTET = '(?:0|[1-9]\\d*)'
const NAME = '[\\w.~=+-]*[a-z_][\\w.~=+-]*'

/**
 * Whether the phone of a line may be called at what it has registered: the rule that the
 * dialplan asks before it calls (`[called]` of answers.conf.hbs, T06), to explain its answer.
 * A registration names an IPv4 address that is neither a carrier's nor ours, and the number
 * of the line, a name with a letter in it, or nothing; it has no `maddr` and no headers.
 */
export function mayBeCalledAt(
  uri: string,
  line: string,
  forbidden: readonly Forbidden[],
): boolean {
  const plain = decoded(uri)
  const form = new RegExp(
    `^sip:(?:(?:(?:00|\\+)${line.slice(2)}|${NAME})@)?([1-9]\\d*(?:\\.${OCTET}){3})(?::(\\d+))?(?:;[^?]*)?$`,
    'i',
  )
  const [, host, port] = form.exec(plain) ?? []
  if (host === undefined || /;maddr=/i.test(plain)) return false
  return !forbidden.some(
    (each) =>
      each.host === host &&
      (each.port === undefined || each.port === Number(port ?? 5060)),
  )
}

/** A contact as a line of text that does no harm wherever it is shown. */
export function shownContact(uri: string): string {
  const plain = uri.replaceAll(/[^!-~]/g, '?')
  return plain.length > 100 ? `${plain.slice(0, 99)}…` : plain
}

/** Asterisk reads a parameter by its meaning, however it is spelt. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri)
  } catch {
    // No well-formed escape: nothing that a phone writes.
    return ''
  }
}
