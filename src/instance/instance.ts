import type { AsteriskPackage } from './package.js'
import type { User } from './user.js'

/** One Asterisk on one instance folder. */
export type AsteriskInstance = {
  package: AsteriskPackage
  /** The path of asterisk.conf; its `astrundir` must be `runDir`. */
  configFile: string
  runDir: string
  /** Undefined: as ourselves (we are not root). */
  user: User | undefined
}
