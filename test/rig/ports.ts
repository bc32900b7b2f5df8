import { once } from 'node:events'
import type { Server } from 'node:net'
import { createServer } from 'node:net'

/** The loopback addresses of one test system, used by nobody else on this machine. */
export type TestNetwork = {
  /** Where the system listens, on its usual ports: 127.0.n.1. */
  system: string
  /** Where the phone or the carrier with this number listens: 127.0.n.10 and up. */
  peer(index: number): string
  /** Gives the addresses back; the end of the process does so too. */
  release(): Promise<void>
}

const claimPort = 45_451

/**
 * Claims 127.0.n.0/24 for one test system, so that systems of tests, of several checkouts
 * and of several people run side by side on the same ports. The claim is a listening
 * socket: the kernel forgets it with us. 127.0.0 is left to the demonstration site.
 */
export async function claimNetwork(): Promise<TestNetwork> {
  const start = process.pid % 250
  for (let tried = 0; tried < 250; tried++) {
    const prefix = `127.0.${1 + ((start + tried) % 250)}`
    const claim = await claimed(`${prefix}.254`)
    if (claim) return network(prefix, claim)
  }
  throw new Error('claimNetwork: all of 127.0.1.0 to 127.0.250.0 are taken')
}

async function claimed(address: string): Promise<Server | undefined> {
  const server = createServer().listen(claimPort, address)
  try {
    await once(server, 'listening')
    server.unref()
    return server
  } catch (error) {
    // once() rejects with the error event: EADDRINUSE, somebody else has it.
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return
    throw error
  }
}

function network(prefix: string, claim: Server): TestNetwork {
  return {
    system: `${prefix}.1`,
    peer: (index) => `${prefix}.${10 + index}`,
    release: async () => {
      claim.close()
      if (claim.listening) await once(claim, 'close')
    },
  }
}
