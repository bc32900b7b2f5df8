import type { Site } from '../model/site.js'
import type { Change, Proof } from './apply.js'
import { type Danger, dangersOf, isMassDeletion } from './dangers.js'
import type { GeneratedFile } from './deployment.js'
import { compareSections, type SectionChange } from './diff-sections.js'
import { diffSites, type ItemChange, removedLines } from './diff-site.js'
import {
  digest,
  type Generation,
  sealGeneration,
  unsealed,
  withSiteFile,
} from './generation.js'
import type { Deployed } from './generation-folder.js'
import { pushedFor } from './line-push.js'
import { ALL_MODULES, modulesReading, readOnlyAtStart } from './plan-modules.js'

/** What an apply would do, before anything is done. */
export interface Plan {
  /** Names this plan: the same site on the same deployment gives the same. */
  readonly checksum: string
  readonly items: readonly ItemChange[]
  readonly sections: readonly SectionChange[]
  readonly dangers: readonly Danger[]
  /** Asterisk runs something else than what is deployed, and is told again. */
  readonly behind: boolean
  /** Removed lines, when they are too many to go unasked. */
  readonly massDeletion?: number
  readonly change: Change
}

/** A site as it is wanted, and its rendered files. */
export interface Wanted {
  readonly site: Site
  /** The site file, byte for byte. */
  readonly siteText: string
  readonly rendered: readonly GeneratedFile[]
}

/** What is there now. */
export interface Present {
  /** Absent before the first apply. */
  readonly deployed?: Deployed
  /** The site that is deployed; absent if its file cannot be read any more. */
  readonly site?: Site
  /** What Asterisk runs; absent when it cannot be asked. */
  readonly running?: { readonly hash: string; readonly busyLines: ReadonlySet<string> }
}

/** Whether there is anything to do. */
export function isEmpty(plan: Plan): boolean {
  return plan.items.length === 0 && plan.sections.length === 0 && !plan.behind
}

/** Compares what is wanted with what is there. Pure: nothing is written or asked. */
export function planOf(wanted: Wanted, present: Present): Plan {
  const generation = sealGeneration(withSiteFile(wanted.rendered, wanted.siteText))
  const items = diffSites(present.site, wanted.site)
  const compared = compareSections(
    unsealed(present.deployed?.files ?? []),
    wanted.rendered,
  )
  const sections = compared.map(({ change }) => change)
  const changed = new Set(sections.map(({ file }) => file))
  const behind = isBehind(present)
  // Only what runs can be pushed to, and only when it runs what is deployed.
  const pushed = present.running && !behind ? pushedFor(compared) : undefined
  const dangers = dangersOf({
    items,
    drift: present.deployed?.drift ?? [],
    // At the first apply Asterisk has not started yet.
    restart: present.deployed ? readOnlyAtStart(sections) : [],
    deployedLines: present.site?.lines.length ?? 0,
    busyLines: present.running?.busyLines ?? new Set(),
  })
  const mass = isMassDeletion(items, present.site?.lines.length ?? 0)
  return {
    checksum: checksumOf(generation, present.deployed),
    items,
    sections,
    dangers,
    behind,
    ...(mass && { massDeletion: removedLines(items).length }),
    change: {
      generation,
      modules: behind ? ALL_MODULES : modulesReading(changed),
      ...(pushed && { pushed }),
      after: {
        ...proofOf(generation.hash, wanted.site, removedLines(items)),
        ...(pushed && { pushed }),
      },
      ...(present.deployed && { from: present.deployed.folder }),
      ...beforeOf(present),
    },
  }
}

function isBehind({ deployed, running }: Present): boolean {
  return deployed !== undefined && running !== undefined && running.hash !== deployed.hash
}

function beforeOf({ deployed, site }: Present): { before?: Proof } {
  return deployed && site ? { before: proofOf(deployed.hash, site, []) } : {}
}

function proofOf(hash: string, site: Site, gone: readonly string[]): Proof {
  const { lines, trunks, emergencyNumbers } = site
  const names = trunks.map(({ name }) => name)
  const endpoints = [...lines.map(({ number }) => number), ...names]
  return { hash, endpoints, trunks: names, gone, emergencyNumbers }
}

/** An edit by hand changes it too: who confirms a plan has seen what it overrides. */
function checksumOf({ hash }: Generation, deployed: Deployed | undefined): string {
  const now = (deployed?.files ?? []).map(({ name, text }) => `${name} ${digest(text)}`)
  return digest([hash, ...now].join('\n')).slice(0, 16)
}
