import { type ItemChange, removedLines } from './diff-site.js'

/** What a person must have read before a plan is applied. */
export interface Danger {
  readonly code: DangerCode
  readonly message: string
}

export type DangerCode =
  | 'apply.massDelete'
  | 'apply.drift'
  | 'line.inCall'
  | 'trunk.removed'
  | 'emergency.changed'
  | 'address.changed'
  | 'asterisk.restart'

/** What dangers are looked for in. */
export interface Circumstances {
  readonly items: readonly ItemChange[]
  /** Files edited by hand since they were applied. */
  readonly drift: readonly string[]
  /** What has changed that Asterisk reads only when it starts. */
  readonly restart: readonly string[]
  /** How many lines are deployed. */
  readonly deployedLines: number
  /** Lines with a call right now; empty when nobody can be asked. */
  readonly busyLines: ReadonlySet<string>
}

/** More than this share of the lines gone looks like the wrong file (Y40). */
const MASS_DELETION = 0.2

export function dangersOf(circumstances: Circumstances): Danger[] {
  return [
    ...massDeletion(circumstances),
    ...drift(circumstances),
    ...linesInCall(circumstances),
    ...removedTrunks(circumstances),
    ...changedSettings(circumstances),
    ...restart(circumstances),
  ]
}

/** Whether the plan removes so many lines that the number must be confirmed. */
export function isMassDeletion(
  items: readonly ItemChange[],
  deployedLines: number,
): boolean {
  return removedLines(items).length > deployedLines * MASS_DELETION
}

function massDeletion({ items, deployedLines }: Circumstances): Danger[] {
  if (!isMassDeletion(items, deployedLines)) return []
  const count = removedLines(items).length
  return [
    {
      code: 'apply.massDelete',
      message:
        `removes ${count} of ${deployedLines} lines; ` +
        `if that is meant, add --confirm-delete ${count}`,
    },
  ]
}

function drift({ drift: files }: Circumstances): Danger[] {
  return files.map((file) => ({
    code: 'apply.drift',
    message:
      `${file} was edited by hand since it was applied; the edit will no longer be in ` +
      'force. What is to last belongs in the site file or in etc/custom',
  }))
}

function linesInCall({ items, busyLines }: Circumstances): Danger[] {
  return removedLines(items)
    .filter((number) => busyLines.has(number))
    .map((number) => ({
      code: 'line.inCall',
      message: `line ${number} is in a call; the call goes on, but it can make no other`,
    }))
}

function removedTrunks({ items }: Circumstances): Danger[] {
  return items
    .filter(({ what, kind }) => what === 'trunk' && kind === 'delete')
    .map(({ name }) => ({
      code: 'trunk.removed',
      message: `trunk ${name} is removed; no call goes or comes over it any more`,
    }))
}

function changedSettings({ items }: Circumstances): Danger[] {
  return items.flatMap(({ what, name, kind, fields }): Danger[] => {
    if (what !== 'setting' || kind !== 'change') return []
    if (name === 'emergencyNumbers') {
      const [list] = fields
      return [
        {
          code: 'emergency.changed',
          message: `emergency numbers were ${list?.before}, will be ${list?.after}`,
        },
      ]
    }
    if (name !== 'asterisk' && name !== 'http') return []
    return [
      {
        code: 'address.changed',
        message: `${name}: ${fields.map(shown).join(', ')}; restart the system for it`,
      },
    ]
  })
}

function shown({ field, before, after }: ItemChange['fields'][number]): string {
  return `${field} ${before ?? 'none'} → ${after ?? 'none'}`
}

function restart({ restart: files }: Circumstances): Danger[] {
  if (files.length === 0) return []
  return [
    {
      code: 'asterisk.restart',
      message: `only a restart of Asterisk makes this effective: ${files.join(', ')}`,
    },
  ]
}
