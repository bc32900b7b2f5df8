import { z } from 'zod'
import { callerOnRecord } from '../model/on-record.js'
import { dialOf, endpointOf } from './channel.js'
import type { Ari } from './connection.js'

/** A channel of a phone or a carrier, as Asterisk has it now. */
export interface LiveChannel {
  readonly id: string
  readonly endpoint: string
  /** Asterisk's word in lower case: `up`, `ring`, `ringing`, `down`. */
  readonly state: string
  /** The other party's number, where Asterisk knows one. */
  readonly with: string | undefined
  /** When it came to be, ISO 8601. */
  readonly since: string
  /** The endpoint it is dialling, if it dials. */
  readonly dials: string | undefined
  readonly dialled: boolean
}

const Channels = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    state: z.string(),
    creationtime: z.string(),
    connected: z.object({ number: z.string() }),
    dialplan: z.object({
      app_name: z.string().optional(),
      app_data: z.string().optional(),
    }),
  }),
)
const Bridges = z.array(z.object({ channels: z.array(z.string()) }))
const Endpoints = z.array(z.object({ resource: z.string(), state: z.string() }))

/** Every SIP channel. Rejects with AriTimeout, or when the answer is none of ARI's. */
export async function liveChannels(ari: Ari): Promise<LiveChannel[]> {
  const channels = Channels.parse(await ari.read('channels'))
  return channels.flatMap((channel) => {
    const endpoint = endpointOf(channel.name)
    if (endpoint === undefined) return []
    return [
      {
        id: channel.id,
        endpoint,
        state: channel.state.toLowerCase(),
        with: callerOnRecord(channel.connected.number) || undefined,
        since: new Date(channel.creationtime).toISOString(),
        dials: dialOf(channel.dialplan)?.endpoint,
        dialled: channel.dialplan.app_name === 'AppDial',
      },
    ]
  })
}

/**
 * The channels that talk or will talk with each other: those of one bridge, and
 * a caller with the leg it dials.
 */
export async function liveCalls(ari: Ari): Promise<LiveChannel[][]> {
  const channels = await liveChannels(ari)
  const byId = new Map(channels.map((channel) => [channel.id, channel]))
  const bridges = Bridges.parse(await ari.read('bridges'))
  const calls: LiveChannel[][] = []
  for (const bridge of bridges) {
    const members = bridge.channels.flatMap((id) => byId.get(id) ?? [])
    for (const { id } of members) byId.delete(id)
    if (members.length > 0) calls.push(members)
  }
  for (const caller of [...byId.values()].filter((channel) => !channel.dialled)) {
    byId.delete(caller.id)
    const called = [...byId.values()].find(
      (channel) => channel.dialled && channel.endpoint === caller.dials,
    )
    if (called) byId.delete(called.id)
    calls.push(called ? [caller, called] : [caller])
  }
  return [...calls, ...[...byId.values()].map((channel) => [channel])]
}

/** The endpoints that have a reachable contact. */
export async function onlineEndpoints(ari: Ari): Promise<ReadonlySet<string>> {
  const endpoints = Endpoints.parse(await ari.read('endpoints/PJSIP'))
  return new Set(
    endpoints.filter(({ state }) => state === 'online').map(({ resource }) => resource),
  )
}
