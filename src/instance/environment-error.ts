export type EnvironmentCode =
  | 'asterisk.missing'
  | 'asterisk.tooOld'
  | 'asterisk.unusable'
  | 'asterisk.notBooted'
  | 'dir.notTraversable'
  | 'dir.notDeployed'
  | 'controller.unreachable'
  | 'controller.refused'
  | 'token.unreadable'
  | 'clock.format'
  | 'file.notWritten'
  | 'file.unreadable'
  | 'locked'

/**
 * The machine lacks something we cannot give it. The message names the place, the rule
 * it breaks and the remedy; the command line ends with exit code 5.
 */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
  readonly code: EnvironmentCode

  constructor(code: EnvironmentCode, message: string) {
    super(message)
    this.code = code
  }
}
