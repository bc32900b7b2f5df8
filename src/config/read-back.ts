import type { Address } from '../model/address.js'
import { type Conf, type ConfSection, readConf } from './conf-reader.js'
import type { GeneratedFile } from './deployment.js'
import { readPjsip } from './pjsip-files.js'

/** A line as the rendered files say it. */
export interface ReadLine {
  readonly number: string
  readonly name: string
  readonly password: string
  readonly language: string
  readonly codecs: readonly string[]
  readonly allowedNetworks: readonly string[]
  readonly voicemail?: { readonly pin: string }
}

export interface ReadTrunk {
  readonly name: string
  readonly address: Address
}

/** What of a site stands in the rendered files. */
export interface ReadSite {
  readonly realm: string
  readonly sip: Address
  readonly ari: Address
  readonly ami: Address
  readonly rtp: { readonly from: number; readonly to: number }
  readonly language: string
  readonly timeZone: string
  readonly node: string
  readonly lines: readonly ReadLine[]
  readonly trunks: readonly ReadTrunk[]
}

/**
 * The model that rendered files express, read by Asterisk's rules: what went in
 * must come out, or a template has lost or bent something on the way.
 */
export function readBack(files: readonly GeneratedFile[]): ReadSite {
  const texts = new Map(files.map(({ name, text }) => [name, text]))
  const conf = (name: string) => readConf(name, (file) => texts.get(file))
  const asterisk = section(conf('asterisk.conf'), 'options')
  const http = section(conf('http.conf'), 'general')
  const manager = section(conf('manager.conf'), 'general')
  const rtp = section(conf('rtp.conf'), 'general')
  const voicemail = conf('voicemail.conf')
  const pjsip = readPjsip(files)
  return {
    realm: option(section(pjsip, 'global'), 'default_realm'),
    sip: readAddress(option(section(pjsip, 'udp'), 'bind')),
    ari: { host: option(http, 'bindaddr'), port: Number(option(http, 'bindport')) },
    ami: { host: option(manager, 'bindaddr'), port: Number(option(manager, 'port')) },
    rtp: { from: Number(option(rtp, 'rtpstart')), to: Number(option(rtp, 'rtpend')) },
    language: option(asterisk, 'defaultlanguage'),
    timeZone: option(section(voicemail, 'zonemessages'), 'site').split('|')[0] ?? '',
    node: option(asterisk, 'systemname'),
    lines: readLines(pjsip, section(voicemail, 'default')),
    trunks: readTrunks(pjsip),
  }
}

function readLines(pjsip: Conf, { entries }: ConfSection): ReadLine[] {
  const boxes = new Map(entries.map(({ name, value }) => [name, value]))
  const passwords = byName(pjsip, 'auth')
  return [...byName(pjsip, 'endpoint').values()]
    .filter((endpoint) => option(endpoint, 'auth') !== '')
    .map((endpoint) => {
      const auth = passwords.get(option(endpoint, 'auth'))
      const [, name = ''] = /^"(.*)" </.exec(option(endpoint, 'callerid')) ?? []
      return {
        number: endpoint.name,
        name,
        password: auth ? option(auth, 'password') : '',
        language: option(endpoint, 'language'),
        codecs: option(endpoint, 'allow').split(','),
        allowedNetworks: values(endpoint, 'permit'),
        ...readBox(boxes.get(endpoint.name) ?? ''),
      }
    })
}

function readBox(text: string): Pick<ReadLine, 'voicemail'> {
  if (text === '') return {}
  const [pin = ''] = text.split(',')
  return { voicemail: { pin } }
}

function readTrunks(pjsip: Conf): ReadTrunk[] {
  const aors = byName(pjsip, 'aor')
  return [...byName(pjsip, 'identify').keys()].map((name) => {
    const aor = aors.get(name)
    const contact = aor ? option(aor, 'contact') : ''
    return { name, address: readAddress(contact.replace(/^sip:/, '')) }
  })
}

function readAddress(text: string): Address {
  const [host = '', port = ''] = text.split(':')
  return { host, port: Number(port) }
}

function byName(conf: Conf, type: string): Map<string, ConfSection> {
  const objects = conf.sections.filter((candidate) => {
    return !candidate.template && option(candidate, 'type') === type
  })
  return new Map(objects.map((object) => [object.name, object]))
}

/** An empty section where there is none: its options are all empty. */
function section(conf: Conf, name: string): ConfSection {
  const none = { name, template: false, inherits: [], entries: [], file: '', line: 0 }
  return conf.sections.find((candidate) => candidate.name === name) ?? none
}

/** The value that counts: the last one given. */
function option(from: ConfSection, name: string): string {
  return values(from, name).at(-1) ?? ''
}

function values(from: ConfSection, name: string): string[] {
  return from.entries.filter((entry) => entry.name === name).map(({ value }) => value)
}
