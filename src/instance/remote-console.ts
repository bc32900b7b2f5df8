import { execFile } from 'node:child_process'
import type { AsteriskInstance } from './instance.js'

/**
 * Asks a running Asterisk through its console socket (`asterisk -rx`) and returns what it
 * prints; an empty text when it does not answer in time or is not there. Asterisk
 * reports failures as text and not by its exit code, so the caller must read the text.
 */
export function rx(
  instance: AsteriskInstance,
  command: string,
  limitSeconds = 5,
): Promise<string> {
  const { package: asterisk, configFile, user, runDir } = instance
  const argv = [...asterisk.argv, '-C', configFile, '-rx', command]
  return new Promise((resolve) => {
    execFile(
      asterisk.command,
      argv,
      {
        cwd: runDir,
        timeout: limitSeconds * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
        ...(user && { uid: user.uid, gid: user.gid }),
      },
      (error, stdout) => resolve(error ? '' : stdout),
    )
  })
}
