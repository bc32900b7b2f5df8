import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareInstance } from '../../src/instance/folders.js'
import type { AsteriskInstance } from '../../src/instance/instance.js'
import { locateAsterisk } from '../../src/instance/package.js'
import { chooseUser } from '../../src/instance/user.js'

/**
 * An instance with the configuration files given, and no others: for tests of the
 * instance and of the rig itself. Tests of the product let the product write its own.
 */
export async function bareAsterisk(
  dir: string,
  files: Record<string, string>,
): Promise<AsteriskInstance> {
  const asterisk = await locateAsterisk({})
  const user = chooseUser()
  const { run, lib, log, spool, data } = prepareInstance(dir, asterisk, user)
  const etc = join(dir, 'etc')
  mkdirSync(etc)
  const directories = {
    astetcdir: etc,
    astmoddir: asterisk.modulesDir,
    astdatadir: data,
    astrundir: run,
    astlogdir: log,
    astspooldir: spool,
    astvarlibdir: lib,
    astdbdir: lib,
    astcachedir: lib,
    astkeydir: lib,
    astagidir: lib,
  }
  const lines = Object.entries(directories).map(([key, value]) => `${key} = ${value}\n`)
  const configFile = join(etc, 'asterisk.conf')
  writeFileSync(configFile, `[directories]\n${lines.join('')}`)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(etc, name), text)
  return { package: asterisk, configFile, runDir: run, user }
}
