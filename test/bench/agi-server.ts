/**
 * The decision of the variant `fastagi`: as little as a server of FastAGI can do. Run as
 * `node agi-server.js HOST PORT`, a process of its own, so that its CPU can be told.
 */
import { createServer, type Socket } from 'node:net'

const [host = '127.0.0.1', port = '4573'] = process.argv.slice(2)

createServer((socket) => {
  let heard = ''
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString()
    if (heard.includes('\n\n')) answer(socket, heard)
    if (heard.startsWith('200')) socket.end()
  })
  // A caller who has hung up takes his connection with him.
  socket.on('error', () => socket.destroy())
  function answer(to: Socket, question: string): void {
    const number = /^agi_arg_1: (\d+)$/m.exec(question)?.[1] ?? ''
    heard = ''
    to.write(`SET VARIABLE BENCH_TO "${number}"\n`)
  }
}).listen(Number(port), host)
