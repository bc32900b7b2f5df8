import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program of ours in the foreground and returns its exit code. It has a process
 * group of its own: a Ctrl-C, which a terminal and npm both send us, reaches it once.
 */
export function foreground(argv, options) {
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    ...options,
  })
  let forwardedMs = 0
  const forward = (signal) => {
    if (Date.now() - forwardedMs < 500) return
    forwardedMs = Date.now()
    child.kill(signal)
  }
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}
