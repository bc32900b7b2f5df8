import { join, resolve } from 'node:path'
import { isAtLeast, oldestAsterisk, versionIn } from '../../asterisk/tree.mjs'
import { type Ami, connectAmi } from '../ami/ami.js'
import { AmiError } from '../ami/ami-error.js'
import { logMark } from '../ami/log-mark.js'
import { runningAsterisk } from '../ami/running-asterisk.js'
import { asteriskVersion } from '../ami/version.js'
import { type Job, readDeployedSite, type SiteAsRead } from '../config/apply-site.js'
import { knownModulesDir, openDeployment } from '../config/deployment-folder.js'
import { locateAsterisk } from '../instance/package.js'
import { chooseUser } from '../instance/user.js'
import type { Address } from '../model/address.js'
import type { Site } from '../model/site.js'

/** A job with its connection to the Asterisk that runs on the folder. */
export interface OpenJob {
  readonly job: Job
  /** Where the controller listens until it takes the new site. */
  readonly http: Address
  /** Why Asterisk cannot be asked; absent when it can. */
  readonly unreachable?: AmiError
  close(): void
}

export interface Place {
  readonly dir: string
  /** Do not ask for Asterisk at all. */
  readonly offline: boolean
  readonly tell?: (step: string) => void
}

/** Opens the state folder, and the Asterisk that runs on what is deployed there. */
export async function openJob(
  { site, siteText }: SiteAsRead,
  { dir: named, offline, tell }: Place,
): Promise<OpenJob> {
  const dir = resolve(named)
  const modulesDir = knownModulesDir(dir) ?? (await locateAsterisk({})).modulesDir
  const reader = chooseUser()
  const deployment = openDeployment(dir, { modulesDir, ...(reader && { reader }) })
  // Asterisk and the controller listen where the deployed site says, until it changes.
  const deployed = await readDeployedSite(dir)
  const present = deployed?.site ?? site
  const reached = offline ? undefined : await reach(present, deployment.amiPassword)
  const ami = reached instanceof AmiError ? undefined : reached
  const asterisk = ami && runningAsterisk(ami, logMark(join(dir, 'log/messages.log')))
  return {
    job: {
      site,
      siteText,
      deployment,
      ...(deployed && { deployed }),
      ...(reader && { reader }),
      ...(asterisk && { asterisk }),
      ...(tell && { tell }),
    },
    http: present.http,
    ...(reached instanceof AmiError && { unreachable: reached }),
    close: () => ami?.close(),
  }
}

async function reach(
  { asterisk }: Site,
  password: Job['deployment']['amiPassword'],
): Promise<Ami | AmiError> {
  try {
    const ami = await connectAmi({
      ...asterisk.ami,
      username: 'linekeeper-apply',
      password,
      reconnect: false,
    })
    const version = versionIn(`Asterisk ${await asteriskVersion(ami)}`)
    if (version !== undefined && isAtLeast(version, oldestAsterisk)) return ami
    ami.close()
    const found = version ?? 'of unknown version'
    return new AmiError(
      'tooOld',
      `Asterisk ${found}, at least ${oldestAsterisk} is needed`,
    )
  } catch (error) {
    // Planning goes on without; applying says why it cannot.
    if (error instanceof AmiError) return error
    throw error
  }
}
