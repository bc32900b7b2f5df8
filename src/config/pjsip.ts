import type { Forbidden } from '../model/contact.js'
import type { Line } from '../model/line.js'
import type { Site, Trunk } from '../model/site.js'
import { startsOpen } from '../model/transfer-gate.js'
import { boxOf } from '../model/voicemail-access.js'
import { toneZone } from './baseline.js'

/** Codecs offered to a line whose entry in the site file names none. */
const DEFAULT_CODECS = ['alaw', 'ulaw']

/** The order of the input means nothing: the same lines give the same bytes. */
export function sortedLines(site: Site): Line[] {
  return site.lines.toSorted((a, b) => compare(a.number, b.number))
}

export function globalView(site: Site) {
  return { realm: site.asterisk.realm }
}

export function transportsView(site: Site) {
  return { sip: site.asterisk.sip }
}

export function authView(site: Site) {
  const lines = sortedLines(site).map(({ number, password }) => ({ number, password }))
  return { realm: site.asterisk.realm, lines }
}

export function aorsView(site: Site) {
  return { lines: sortedLines(site).map(({ number }) => ({ number })) }
}

export function linesView(site: Site) {
  return { zone: toneZone(site), lines: sortedLines(site).map(lineView) }
}

function lineView(line: Line) {
  return {
    number: line.number,
    name: line.name,
    language: line.language,
    codecs: line.codecs.length > 0 ? line.codecs : DEFAULT_CODECS,
    voicemail: line.voicemail !== undefined || line.defaultVoicemail !== undefined,
    mailbox: boxOf(line),
    gate: startsOpen(line) ? 'transfer' : 'transfer-refused',
    restricted: line.allowedNetworks.length > 0,
    networks: line.allowedNetworks,
  }
}

export function trunksView(site: Site) {
  const trunks = site.trunks.toSorted((a, b) => compare(a.name, b.name))
  return {
    zone: toneZone(site),
    language: site.site.language,
    trunks: trunks.map(({ name, address }) => ({
      name,
      address,
      match: { value: matchOf(trunks, address, site) },
    })),
  }
}

function matchOf(
  trunks: readonly Trunk[],
  address: Trunk['address'],
  site: Site,
): string {
  const { host, port } = carrierAddress(trunks, address, site)
  return port === undefined ? host : `${host}:${port}`
}

/**
 * Where a carrier is. It may call from any port of its host; where the host is ours
 * or another trunk's too, only the exact address says who calls.
 */
export function carrierAddress(
  trunks: readonly Trunk[],
  { host, port }: Trunk['address'],
  site: Site,
): { readonly host: string; readonly port?: number } {
  const sharers = trunks.filter((trunk) => trunk.address.host === host)
  const shared = sharers.length > 1 || host === site.asterisk.sip.host
  return shared ? { host, port } : { host }
}

/** Addresses at which no phone is called: ours and those of carriers (T06). */
export function notPhones(site: Site): readonly Forbidden[] {
  const { trunks } = site
  const carriers = trunks.map(({ address }) => carrierAddress(trunks, address, site))
  return [site.asterisk.sip, ...carriers]
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
