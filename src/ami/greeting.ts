import { connect } from 'node:net'
import { AmiError } from './ami-error.js'

/** The first bytes of every AMI connection. */
const GREETING = 'Asterisk Call Manager'

/**
 * Opens a connection of its own, reads the greeting and leaves. The client library
 * neither says who greeted it nor gives its socket away to be closed, so what
 * listens there is found out first.
 */
export function awaitGreeting(
  host: string,
  port: number,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    let heard = ''
    const fail = (kind: 'unreachable' | 'notAmi', message: string) => {
      socket.destroy()
      reject(new AmiError(kind, `AMI at ${host}:${port}: ${message}`))
    }
    const timer = setTimeout(() => {
      fail('unreachable', `no greeting in ${timeoutMs / 1000} s`)
    }, timeoutMs)
    socket.on('close', () => {
      clearTimeout(timer)
      // After resolve or reject this changes nothing.
      fail('notAmi', 'closed without a greeting')
    })
    socket.on('error', (error) => fail('unreachable', error.message))
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      if (heard.startsWith(GREETING)) {
        resolve()
        socket.destroy()
      } else if (!GREETING.startsWith(heard.slice(0, GREETING.length))) {
        fail('notAmi', 'something else than Asterisk answers there')
      }
    })
  })
}
