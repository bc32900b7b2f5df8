import { isOpenTo } from '../model/costly.js'
import type { Filter } from '../model/filter.js'
import type { ForwardTarget } from '../model/forwarding.js'
import type { Line } from '../model/line.js'
import type { Site } from '../model/site.js'

/** Asterisk's database, as far as the mirror needs it. */
export interface Database {
  /** Every entry of a family, by key. */
  tree(family: string): Promise<ReadonlyMap<string, string>>
  put(family: string, key: string, value: string): Promise<void>
  del(family: string, key: string): Promise<void>
}

type Entry = readonly [key: string, value: string]

/**
 * What the degraded path of the dialplan reads of each line: one row per family, with
 * the value under the number of the line. A family holds nothing but what stands here.
 */
const LINE_FAMILIES: Readonly<Record<string, (line: Line) => string | undefined>> = {
  /** The most calls at once. */
  lk_line: ({ calls }) => String(calls),
  lk_group: ({ group }) => group,
  /** What is said for it to those who call it. */
  lk_language: ({ language }) => language,
  /** Which outside numbers it may dial, `s` special, `i` international. */
  lk_out: (line) => rights(line),
  /** What it answers by itself, refuses or keeps; `1` where it does. */
  lk_intercom: ({ intercom }) => flag(intercom),
  lk_absent: ({ absent }) => flag(absent),
  lk_dnd: ({ doNotDisturb }) => flag(doNotDisturb),
  lk_acr: ({ rejectAnonymous }) => flag(rejectAnonymous),
  /** `b` black, `w` white; the entries are in the list of the same name. */
  lk_in_mode: ({ filters }) => mode(filters?.incoming),
  lk_out_mode: ({ filters }) => mode(filters?.outgoing),
  lk_lock: ({ lock }) => flag(lock?.active),
  lk_clir: ({ hideNumber }) => flag(hideNumber),
  /** The number it chose to show, and the one of its alias in lk_present. */
  lk_shown: ({ shownNumber }) => shownNumber,
  lk_box: ({ voicemail }) => flag(voicemail !== undefined),
  /** The line whose box 123 opens, where that is not its own. */
  lk_opens: ({ defaultVoicemail }) => defaultVoicemail,
  /** Read in normal mode too: what opens the box from another line. */
  lk_remote: ({ voicemail }) => voicemail?.remotePassword?.reveal(),
  /** Where its forward leads: `v` and a line, `f` and a line, `n` and a number. */
  lk_cfu: (line) => forward(line, 'unconditional'),
  lk_cfb: (line) => forward(line, 'busy'),
  lk_cfnl: (line) => forward(line, 'unreachable'),
  /** Seconds, `*`, and where. */
  lk_cfnr: ({ number, forwarding: { noAnswer } }) =>
    noAnswer && `${noAnswer.after}*${target(number, noAnswer.to)}`,
}

/** The lists of a line, an entry of the database for each of theirs. */
const LINE_LISTS: Readonly<Record<string, (line: Line) => readonly string[]>> = {
  lk_in_list: ({ filters }) => listed(filters?.incoming),
  lk_out_list: ({ filters }) => listed(filters?.outgoing),
}

/** What it reads beside the lines. What it has counted while alone is over with us. */
const SITE_FAMILIES: Readonly<Record<string, (site: Site) => readonly Entry[]>> = {
  /** alias → the line it rings */
  lk_alias: ({ aliases }) =>
    aliases.flatMap(({ number, redirect }) =>
      redirect ? [[number, redirect.line]] : [],
    ),
  /** owner and short number → number; the owner is a line, a group, or `all` */
  lk_short: ({ shortNumbers }) =>
    shortNumbers.map(({ number, line, group, to }) => [
      `${line ?? group ?? 'all'}_${number}`,
      to,
    ]),
  /** line → calls begun of late, which the dialplan alone writes */
  lk_pace: () => [],
  /** line → the alias it shows on its outgoing calls */
  lk_present: ({ aliases }) =>
    aliases.flatMap(({ number, redirect }) =>
      redirect?.present ? [[redirect.line, number]] : [],
    ),
}

/** A family of the database, and what is to stand in it. */
type Family = readonly [family: string, entries: ReadonlyMap<string, string>]

/**
 * Everything the degraded path of this site reads, one family at a time: all at once it
 * is half a million characters for every thousand lines.
 */
export function* mirrorOf(site: Site): Generator<Family> {
  // Entries before the mode that makes them count.
  for (const [family, entriesOf] of Object.entries(LINE_LISTS)) {
    const entries = site.lines.flatMap((line) =>
      entriesOf(line).map((entry) => [`${line.number}/${entry}`, '1'] as const),
    )
    yield [family, new Map(entries)]
  }
  for (const [family, entryOf] of Object.entries(LINE_FAMILIES)) {
    const entries = new Map<string, string>()
    for (const line of site.lines) {
      const value = entryOf(line)
      if (value !== undefined) entries.set(line.number, value)
    }
    yield [family, entries]
  }
  yield* mirrorBesideLines(site)
}

/** What it reads beside the lines. */
export function* mirrorBesideLines(site: Site): Generator<Family> {
  for (const [family, entriesOf] of Object.entries(SITE_FAMILIES)) {
    yield [family, new Map(entriesOf(site))]
  }
}

/** Writes what the degraded path reads of one line, whatever stood there before. */
export async function mirrorLine(
  { database }: { readonly database: Database },
  line: Line,
): Promise<void> {
  for (const [family, entriesOf] of Object.entries(LINE_LISTS)) {
    const place = `${family}/${line.number}`
    await equalise(database, place, new Map(entriesOf(line).map((entry) => [entry, '1'])))
  }
  const written = Object.entries(LINE_FAMILIES).map(([family, entryOf]) => {
    const value = entryOf(line)
    if (value === undefined) return database.del(family, line.number)
    return database.put(family, line.number, value)
  })
  await Promise.all(written)
}

/** Takes away what the degraded path reads of a line that is gone. */
export async function forgetLine(
  { database }: { readonly database: Database },
  number: string,
): Promise<void> {
  for (const family of Object.keys(LINE_FAMILIES)) await database.del(family, number)
  for (const family of Object.keys(LINE_LISTS)) {
    await equalise(database, `${family}/${number}`, new Map())
  }
}

/**
 * Makes families of Asterisk's database equal to what is wanted: one query for each,
 * then only the differences. Returns how many entries were written or removed.
 */
export async function mirror(
  { database }: { readonly database: Database },
  wanted: Iterable<Family>,
): Promise<number> {
  let written = 0
  for (const [family, entries] of wanted) {
    written += await equalise(database, family, entries)
  }
  return written
}

async function equalise(
  database: Database,
  family: string,
  ours: ReadonlyMap<string, string>,
): Promise<number> {
  const there = await database.tree(family)
  let written = 0
  for (const [key, value] of ours) {
    if (there.get(key) === value) continue
    await database.put(family, key, value)
    written += 1
  }
  for (const key of there.keys()) {
    if (ours.has(key)) continue
    await database.del(family, key)
    written += 1
  }
  return written
}

/** Never empty: to the dialplan an empty value is an entry that is not there. */
function rights(line: Line): string {
  const special = isOpenTo(line, 'special') ? 's' : ''
  const international = isOpenTo(line, 'international') ? 'i' : ''
  return `${special}${international}` || '-'
}

/** A list without mode lets everything pass, whatever it holds. */
function mode(filter: Filter | undefined): string | undefined {
  return filter && { none: undefined, black: 'b', white: 'w' }[filter.mode]
}

function listed(filter: Filter | undefined): readonly string[] {
  return filter && filter.mode !== 'none' ? filter.entries : []
}

function flag(does: boolean | undefined): string | undefined {
  return does ? '1' : undefined
}

function forward(
  { number, forwarding }: Line,
  kind: 'unconditional' | 'busy' | 'unreachable',
): string | undefined {
  const { [kind]: set } = forwarding
  return set && target(number, set.to)
}

function target(line: string, to: ForwardTarget): string {
  switch (to.kind) {
    case 'voicemail':
      return `v${to.line ?? line}`
    case 'fax':
      return `f${to.line ?? line}`
    case 'number':
      return `n${to.number}`
  }
}
