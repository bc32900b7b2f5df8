import { connect } from 'node:net'

export interface Heard {
  readonly text: string
  readonly status: number
  readonly seconds: number
}

/** Sends bytes as they are and hears until the other end closes, or `seconds` are over. */
export function raw(
  port: number,
  send: (write: (bytes: string) => void) => void,
  seconds = 15,
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      const [, status = '0'] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? []
      const took = (performance.now() - began) / 1000
      resolve({ text, status: Number(status), seconds: took })
    }
    const timer = setTimeout(end, seconds * 1000)
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
    })
    socket.on('close', end)
    // A reset after an answer is an answer.
    socket.on('error', (error) => {
      if (text === '' && !('code' in error)) reject(error)
    })
    socket.on('connect', () =>
      send((bytes) => {
        if (socket.writable) socket.write(bytes)
      }),
    )
  })
}
