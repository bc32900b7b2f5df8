/**
 * Why a request over the Asterisk Manager Interface (AMI) came to nothing.
 *
 * `unreachable`: nothing listens, or it does not speak · `notAmi`: something else
 * listens there · `wrongPassword` · `inUse`: somebody else is logged in and
 * `allowmultiplelogin` is off · `tooOld`: a version we refuse · `forbidden`: the account
 * lacks the class of the action · `refused`: Asterisk said no · `timeout`: no answer in
 * time, the outcome is unknown · `disconnected`: the connection is or went away, same.
 */
export type AmiErrorKind =
  | 'unreachable'
  | 'notAmi'
  | 'wrongPassword'
  | 'inUse'
  | 'tooOld'
  | 'forbidden'
  | 'refused'
  | 'timeout'
  | 'disconnected'

export class AmiError extends Error {
  override name = 'AmiError'
  readonly kind: AmiErrorKind

  constructor(kind: AmiErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}
