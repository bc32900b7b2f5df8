import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Random } from '../simulation/random.js'

interface End {
  readonly address: string
  readonly port: number
}

/** A UDP proxy between one client and a server that loses, doubles and delays packets. */
export class PacketProxy {
  readonly faults = { lose: 0, double: 0, late: 0 }
  lost = 0
  doubled = 0
  late = 0
  readonly #listen: End
  readonly #target: End
  readonly #random: Random
  readonly #towardsClient: Socket = createSocket('udp4')
  readonly #towardsServer: Socket = createSocket('udp4')
  #client: RemoteInfo | undefined

  constructor(listen: End, target: End, random: Random) {
    this.#listen = listen
    this.#target = target
    this.#random = random
  }

  async listen(): Promise<void> {
    const { address, port } = this.#listen
    this.#towardsClient.on('message', (packet, client) => {
      this.#client = client
      this.#pass(packet, this.#towardsServer, this.#target)
    })
    this.#towardsServer.on('message', (packet) => {
      if (this.#client) this.#pass(packet, this.#towardsClient, this.#client)
    })
    this.#towardsClient.bind(port, address)
    // A trunk is known by its address.
    this.#towardsServer.bind(port + 1, address)
    await Promise.all([
      once(this.#towardsClient, 'listening'),
      once(this.#towardsServer, 'listening'),
    ])
  }

  async close(): Promise<void> {
    this.#towardsClient.close()
    this.#towardsServer.close()
    await once(this.#towardsServer, 'close').catch(() => undefined)
  }

  #pass(packet: Buffer, from: Socket, to: End): void {
    const { lose, double, late } = this.faults
    if (this.#random.chance(lose)) {
      this.lost += 1
      return
    }
    const send = (): void => from.send(packet, to.port, to.address, () => undefined)
    if (this.#random.chance(late)) {
      this.late += 1
      setTimeout(send, this.#random.between(20, 300)).unref()
      return
    }
    send()
    if (!this.#random.chance(double)) return
    this.doubled += 1
    send()
  }
}
