import { join, resolve } from 'node:path'
import type { Finding } from '../model/finding.js'
import type { Site } from '../model/site.js'
import { applyChange, type Changed, type RunningAsterisk, recover } from './apply.js'
import type { Deployment } from './deployment.js'
import { SITE_FILE } from './generation.js'
import {
  currentFolder,
  type Deployed,
  pruneGenerations,
  type Reader,
  readDeployed,
} from './generation-folder.js'
import { narrated, realHands } from './hands.js'
import { readJournal } from './journal.js'
import { readSite } from './load.js'
import { takeLock } from './lock.js'
import { isEmpty, type Plan, type Present, planOf } from './plan.js'
import { render } from './render.js'
import { checkRendered } from './rendered-checks.js'

/** A site, and the text of the file it was read from, byte for byte. */
export interface SiteAsRead {
  readonly site: Site
  readonly siteText: string
}

/** What is to be applied, and where. */
export interface Job extends SiteAsRead {
  readonly deployment: Deployment
  /** The site that was deployed a moment ago: unless it is another now, it is read. */
  readonly deployed?: SiteAsRead
  /** The account Asterisk reads its files as, unless it is ours. */
  readonly reader?: Reader
  /** Absent: nothing runs that would have to be told. */
  readonly asterisk?: RunningAsterisk
  /** Hears of every step that is done. */
  readonly tell?: (step: string) => void
}

export type Applied =
  | Changed
  | { readonly kind: 'nothingToDo' }
  /** `agree` said no. */
  | { readonly kind: 'declined' }

/** Our own templates made something that Asterisk would misread (F16). */
export class RenderedError extends Error {
  override name = 'RenderedError'
  readonly faults: readonly Finding[]

  constructor(faults: readonly Finding[]) {
    const texts = faults.map(({ path, message }) => `${path.join(':')}: ${message}`)
    super(`the rendered files are faulty, nothing was deployed:\n${texts.join('\n')}`)
    this.faults = faults
  }
}

/** The plan of a job. Nothing is written. */
export async function planJob(job: Job): Promise<Plan> {
  const { site, siteText, deployment } = job
  const rendered = render(site, deployment)
  const faults = checkRendered(rendered)
  if (faults.length > 0) throw new RenderedError(faults)
  return planOf({ site, siteText, rendered }, await presentOf(job))
}

/**
 * Ends what an earlier apply left, makes the plan, asks `agree`, applies it. Only
 * one at a time works on a folder: a second one gets a `LockedError`.
 */
export function applyJob(
  job: Job,
  agree: (plan: Plan) => Promise<boolean>,
  stop: AbortSignal = new AbortController().signal,
): Promise<{ applied: Applied; plan: Plan }> {
  const { dir } = job.deployment
  const hands = narrated(realHands(dir, job.reader, job.asterisk), job.tell)
  return whileLocked(dir, async () => {
    await recoverWith(dir, hands)
    const plan = await planJob(job)
    if (isEmpty(plan)) return { applied: { kind: 'nothingToDo' }, plan }
    if (!(await agree(plan))) {
      return { applied: { kind: stop.aborted ? 'interrupted' : 'declined' }, plan }
    }
    // First, so that a full disk has room again.
    await pruneGenerations(dir)
    return { applied: await applyChange(plan.change, hands, stop), plan }
  })
}

/** Makes a site the current generation of a folder on which no Asterisk runs. */
export async function applyOffline(
  site: Site,
  siteText: string,
  deployment: Deployment,
  reader?: Reader,
): Promise<string> {
  const job = { site, siteText, deployment }
  await applyJob(reader ? { ...job, reader } : job, () => Promise.resolve(true))
  const folder = await currentFolder(deployment.dir)
  if (folder === undefined) throw new Error('applyOffline: no current generation')
  return folder
}

/**
 * Brings an apply that died to an end, and tells whether there was one. Without
 * `asterisk` only the files are put right: for a folder on which none runs.
 */
export function recoverJournal(
  dir: string,
  asterisk?: RunningAsterisk,
): Promise<boolean> {
  return whileLocked(resolve(dir), () => {
    return recoverWith(dir, realHands(resolve(dir), undefined, asterisk))
  })
}

/** The site that is deployed, and where Asterisk listens for us because of it. */
export async function deployedSite(dir: string): Promise<Site | undefined> {
  return (await readDeployedSite(dir))?.site
}

/** The same with its text. */
export async function readDeployedSite(dir: string): Promise<SiteAsRead | undefined> {
  const deployed = await readDeployed(resolve(dir))
  return deployed && siteAsRead(deployed)
}

async function recoverWith(
  dir: string,
  hands: ReturnType<typeof realHands>,
): Promise<boolean> {
  const journal = await readJournal(dir)
  return journal ? recover(journal, hands) : false
}

async function whileLocked<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const giveBack = await takeLock(join(dir, 'apply.lock'))
  try {
    return await work()
  } finally {
    await giveBack()
  }
}

async function presentOf(job: Job): Promise<Present> {
  const { deployment, asterisk } = job
  const deployed = await readDeployed(deployment.dir)
  if (!deployed) return {}
  const known = job.deployed ? [job, job.deployed] : [job]
  const read = siteAsRead(deployed, known)
  const running = asterisk && {
    hash: await asterisk.generation(),
    busyLines: await asterisk.busyLines(),
  }
  return { deployed, ...(read && { site: read.site }), ...(running && { running }) }
}

/**
 * Undefined when it is not valid, or not any more: then only files are compared. What is
 * `known` already is not read again.
 */
function siteAsRead(
  { files }: Deployed,
  known: readonly SiteAsRead[] = [],
): SiteAsRead | undefined {
  const file = files.find(({ name }) => name === SITE_FILE)
  if (!file) return undefined
  const before = known.find(({ siteText }) => siteText === file.text)
  if (before) return before
  const read = readSite(file.text, SITE_FILE)
  return read.kind === 'site' ? { site: read.site, siteText: file.text } : undefined
}
