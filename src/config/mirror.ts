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
 * What the degraded path of the dialplan reads: one row per family, from which
 * its entries are made. A family holds nothing but what stands here.
 */
const FAMILIES: Readonly<Record<string, (site: Site) => readonly Entry[]>> = {
  /** line → the most calls at once */
  lk_line: ({ lines }) => lines.map(({ number, calls }) => [number, String(calls)]),
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
  /** line → its group */
  lk_group: ({ lines }) =>
    lines.flatMap(({ number, group }) => (group === undefined ? [] : [[number, group]])),
  /** line → which outside numbers it may dial, `s` special, `i` international */
  lk_out: ({ lines }) => lines.map(({ number, outgoing }) => [number, rights(outgoing)]),
  /** line → what it answers by itself, refuses or keeps; `1` where it does */
  lk_intercom: ({ lines }) => linesThat(lines, ({ intercom }) => intercom),
  lk_absent: ({ lines }) => linesThat(lines, ({ absent }) => absent === true),
  lk_dnd: ({ lines }) => linesThat(lines, ({ doNotDisturb }) => doNotDisturb === true),
  lk_acr: ({ lines }) =>
    linesThat(lines, ({ rejectAnonymous }) => rejectAnonymous === true),
  lk_clir: ({ lines }) => linesThat(lines, ({ hideNumber }) => hideNumber === true),
  lk_box: ({ lines }) => linesThat(lines, ({ voicemail }) => voicemail !== undefined),
  /** line → where its forward leads: `v` and a line, `f` and a line, `n` and a number */
  lk_cfu: ({ lines }) => forwards(lines, 'unconditional'),
  lk_cfb: ({ lines }) => forwards(lines, 'busy'),
  lk_cfnl: ({ lines }) => forwards(lines, 'unreachable'),
  /** line → seconds, `*`, and where */
  lk_cfnr: ({ lines }) =>
    lines.flatMap(({ number, forwarding: { noAnswer } }) =>
      noAnswer ? [[number, `${noAnswer.after}*${target(number, noAnswer.to)}`]] : [],
    ),
  /** line → the alias it shows on its outgoing calls */
  lk_present: ({ aliases }) =>
    aliases.flatMap(({ number, redirect }) =>
      redirect?.present ? [[redirect.line, number]] : [],
    ),
}

/** `family/key` → value, for everything the degraded path of this site reads. */
export function mirrorOf(site: Site): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(FAMILIES).flatMap(([family, entries]) =>
      entries(site).map(([key, value]) => [`${family}/${key}`, value] as const),
    ),
  )
}

/**
 * Makes Asterisk's database equal to what is wanted: one query per family, then
 * only the differences. Returns how many entries were written or removed.
 */
export async function mirror(
  { database }: { readonly database: Database },
  wanted: ReadonlyMap<string, string>,
): Promise<number> {
  let written = 0
  for (const family of Object.keys(FAMILIES)) {
    const there = await database.tree(family)
    const ours = entriesOf(wanted, family)
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
  }
  return written
}

function entriesOf(
  wanted: ReadonlyMap<string, string>,
  family: string,
): ReadonlyMap<string, string> {
  const prefix = `${family}/`
  return new Map(
    [...wanted]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, value]) => [path.slice(prefix.length), value]),
  )
}

/** Never empty: to the dialplan an empty value is an entry that is not there. */
function rights({ special, international }: Site['lines'][number]['outgoing']): string {
  return `${special ? 's' : ''}${international ? 'i' : ''}` || '-'
}

function linesThat(lines: readonly Line[], does: (line: Line) => boolean): Entry[] {
  return lines.filter(does).map(({ number }) => [number, '1'])
}

function forwards(
  lines: readonly Line[],
  kind: 'unconditional' | 'busy' | 'unreachable',
): Entry[] {
  return lines.flatMap(({ number, forwarding }) => {
    const forward = forwarding[kind]
    return forward ? [[number, target(number, forward.to)]] : []
  })
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
