import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { datagramsOf } from './pcap.js'
import { endProgram, hasEnded, startProgram } from './phone-tree.js'
import type { SoundStream } from './sound-stream.js'
import { soundStreams } from './sound-stream.js'
import { until } from './until.js'

/**
 * Listens on the wire to all the sound that comes to one address. Independent of the
 * phone: baresip's own recording stops for good when a call is taken off hold.
 */
export type Capture = { streams(): SoundStream[]; close(): Promise<void> }

export async function startCapture(address: string, dir: string): Promise<Capture> {
  const log = 'tcpdump.log'
  const file = join(dir, 'heard.pcap')
  const filter = `udp and dst host ${address} and not port 5060`
  const child = startProgram(
    'tcpdump',
    ['-i', 'lo', '-n', '-U', '--immediate-mode', '-Z', 'root', '-w', file, filter],
    { cwd: dir, log },
  )
  const printed = (): string => readFileSync(join(dir, log), 'utf8')
  await until(
    'tcpdump listens',
    () => {
      if (hasEnded(child)) throw new Error(`tcpdump ended: ${printed()}`)
      return printed().includes('listening on')
    },
    { saw: printed },
  )
  return {
    streams: () => soundStreams(datagramsOf(readFileSync(file))),
    close: () => endProgram(child),
  }
}
