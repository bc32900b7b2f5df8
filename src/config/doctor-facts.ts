import type { ReadSite } from './read-back.js'

/** What is known of a running Asterisk and of its files. */
export interface Facts {
  /** What its console prints, by command. */
  readonly console: ReadonlyMap<string, string>
  /** What the deployed files say. */
  readonly site: ReadSite
  /** The text of the deployed asterisk.conf: the console does not show all of it. */
  readonly asteriskConf: string
  readonly files: readonly FileFact[]
  /** Prompts that would be silence, as `fr/lk-absent`. */
  readonly missingPrompts: readonly string[]
  /** Who Asterisk runs as. */
  readonly uid: number
  /** The clock of the machine, in milliseconds since 1970. */
  readonly now: number
}

export interface FileFact {
  readonly path: string
  /** The nine permission bits. */
  readonly mode: number
}

/** Lines are all laid out by one template: a few of them say what all are. */
const LINES_ASKED = 20

/** Everything the checks want to know, to be asked once. */
export function consoleCommands(site: ReadSite): readonly string[] {
  const lines = linesAsked(site).flatMap((number) => [
    `pjsip show endpoint ${number}`,
    `pjsip show aor ${number}`,
  ])
  const trunks = site.trunks.map(({ name }) => `pjsip show endpoint ${name}`)
  return [
    'core show version',
    'core show settings',
    'module show',
    'http show status',
    'ari show status',
    'ari show users',
    'ari show user linekeeper',
    'manager show settings',
    'manager show users',
    'manager show user linekeeper',
    'pjsip show settings',
    'pjsip show endpoints',
    'pjsip show transports',
    'rtp show settings',
    'logger show channels',
    'dialplan show default',
    'dialplan show called',
    'dialplan show ring',
    ...lines,
    ...trunks,
  ]
}

export function linesAsked(site: ReadSite): readonly string[] {
  return site.lines.slice(0, LINES_ASKED).map(({ number }) => number)
}

/** What the console answered; empty when it was silent. */
export function answer(facts: Facts, command: string): string {
  return facts.console.get(command) ?? ''
}

/** `  Label:   value`, as the core and AMI print their settings. */
export function settingIn(text: string, label: string): string | undefined {
  return rowIn(text, `${label}:`)
}

/** ` name   : value`, as PJSIP prints the options of an object. */
export function parameterIn(text: string, name: string): string | undefined {
  const row = new RegExp(`^ ${escaped(name)} *: ?(.*)$`, 'm').exec(text)
  return row?.[1]?.trim()
}

function rowIn(text: string, label: string): string | undefined {
  const row = new RegExp(`^ *${escaped(label)}[ \\t]*(.*)$`, 'm').exec(text)
  return row?.[1]?.trim()
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
