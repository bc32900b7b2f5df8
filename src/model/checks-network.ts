import {
  type Address,
  isLoopback,
  isPublic,
  isWildcard,
  printAddress,
} from './address.js'
import type { Draft } from './draft.js'
import { type Finding, finding, type Path } from './finding.js'
import { printPath } from './refusal.js'

/** An address that is nobody's in particular matches everybody's calls (row Y36). */
export function openTrunks({ trunks }: Draft): Finding[] {
  return trunks.flatMap(({ path, value: { name, address } }) => {
    if (address === undefined) {
      return [finding('trunk.open', path, `trunk ${name} has no address`)]
    }
    if (typeof address !== 'string' && isOneHost(address.host)) return []
    const text = typeof address === 'string' ? address : printAddress(address)
    return [finding('trunk.open', [...path, 'address'], `trunk ${name} is at ${text}`)]
  })
}

/** Multicast, broadcast and "any" are no address of a carrier. */
function isOneHost(host: string): boolean {
  const first = Number(host.split('.')[0])
  return first > 0 && first < 224
}

/** One port of one address has one listener; "any" meets every address. */
export function listeners({ asterisk, http, trunks }: Draft): Finding[] {
  const places: { path: Path; address: Address }[] = []
  if (asterisk) {
    for (const key of ['sip', 'ari', 'ami'] as const) {
      places.push({ path: ['asterisk', key], address: asterisk[key] })
    }
  }
  if (http) places.push({ path: ['http'], address: http })
  for (const { path, value } of trunks) {
    if (typeof value.address === 'object') {
      places.push({ path: [...path, 'address'], address: value.address })
    }
  }
  return places.flatMap(({ path, address }, at) => {
    const other = places.slice(0, at).find((place) => collide(place.address, address))
    if (!other) return []
    const message = `${printPath(path)} and ${printPath(other.path)} are both ${printAddress(address)}`
    return [finding('address.duplicate', path, message, other.path)]
  })
}

function collide(a: Address, b: Address): boolean {
  return (
    a.port === b.port && (a.host === b.host || isWildcard(a.host) || isWildcard(b.host))
  )
}

/** Media ports that include the signalling port would take each other's packets. */
export function rtpRange({ asterisk }: Draft): Finding[] {
  if (!asterisk) return []
  const { sip, rtp } = asterisk
  if (sip.port < rtp.from || sip.port > rtp.to) return []
  const message = `the media ports ${rtp.from}-${rtp.to} include the SIP port ${sip.port}`
  return [finding('rtp.range', ['asterisk', 'rtp'], message, ['asterisk', 'sip'])]
}

/** Asterisk knows a trunk by its address alone, before it looks at the account (T01). */
export function sharedTrunks({ asterisk, trunks }: Draft): Finding[] {
  const first = new Map<string, Path>()
  if (asterisk) first.set(asterisk.sip.host, ['asterisk', 'sip'])
  return trunks.flatMap(({ path, value: { name, address } }) => {
    if (typeof address !== 'object') return []
    const here = [...path, 'address']
    const also = first.get(address.host)
    first.set(address.host, also ?? here)
    if (!also) return []
    const message = `trunk ${name} and ${printPath(also)} share ${address.host}: calls from there are taken for one of them`
    return [finding('trunk.shared', here, message, also)]
  })
}

/** ARI and AMI accounts are root of the telephone system (T20, T22); SIP wants TLS (T07). */
export function exposedListeners({ asterisk }: Draft): Finding[] {
  if (!asterisk) return []
  const control = (['ari', 'ami'] as const).flatMap((key) => {
    const { host } = asterisk[key]
    if (isLoopback(host)) return []
    const message = `asterisk.${key} listens on ${host}, not on the loopback address`
    return [finding('listener.exposed', ['asterisk', key], message)]
  })
  if (!isPublic(asterisk.sip.host)) return control
  const message = `asterisk.sip listens on ${asterisk.sip.host} without encryption`
  return [...control, finding('sip.public', ['asterisk', 'sip'], message)]
}
