import { join } from 'node:path'
import { openDeployment } from '../config/deployment-folder.js'
import { prepareInstance } from '../instance/folders.js'
import type { AsteriskInstance } from '../instance/instance.js'
import { locateAsterisk } from '../instance/package.js'
import { chooseUser } from '../instance/user.js'

/**
 * Makes the state folder ready for an Asterisk: the one of the machine at `path`, or the
 * private one. Throws an EnvironmentError where there is none that will do.
 */
export async function prepareDir(
  dir: string,
  path: string | undefined,
): Promise<AsteriskInstance> {
  const asterisk = await locateAsterisk({ asterisk: path })
  const user = chooseUser()
  const { run: runDir } = prepareInstance(dir, asterisk, user)
  openDeployment(dir, { modulesDir: asterisk.modulesDir, ...(user && { reader: user }) })
  const configFile = join(dir, 'etc/current/asterisk.conf')
  return { package: asterisk, configFile, runDir, user }
}
