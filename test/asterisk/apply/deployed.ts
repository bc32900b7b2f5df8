import { mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ami, connectAmi } from '../../../src/ami/ami.js'
import { logMark } from '../../../src/ami/log-mark.js'
import { runningAsterisk } from '../../../src/ami/running-asterisk.js'
import type { RunningAsterisk } from '../../../src/config/apply.js'
import {
  type Applied,
  applyJob,
  applyOffline,
  type Job,
} from '../../../src/config/apply-site.js'
import type { Deployment } from '../../../src/config/deployment.js'
import { openDeployment } from '../../../src/config/deployment-folder.js'
import type { Reader } from '../../../src/config/generation-folder.js'
import { readSite } from '../../../src/config/load.js'
import {
  type AsteriskProcess,
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { prepareInstance } from '../../../src/instance/folders.js'
import { locateAsterisk } from '../../../src/instance/package.js'
import { rx } from '../../../src/instance/remote-console.js'
import { chooseUser } from '../../../src/instance/user.js'
import type { Site } from '../../../src/model/site.js'
import { claimNetwork, type TestNetwork } from '../../rig/ports.js'
import { until } from '../../rig/until.js'
import { siteText } from './site-text.js'

/** A connection to the running Asterisk. */
export interface Reached {
  readonly ami: Ami
  readonly asterisk: RunningAsterisk
  /** The job that applies this site file. */
  job(text: string): Job
}

/** A private Asterisk that runs on the first generation of a folder. */
export interface Deployed {
  readonly dir: string
  readonly address: string
  readonly deployment: Deployment
  readonly process: AsteriskProcess
  /** Logs in for as long as the work lasts: one login at a time is allowed (T22). */
  reach<T>(work: (reached: Reached) => Promise<T>): Promise<T>
  /** Applies a site file, whatever the plan is. */
  apply(text: string): Promise<Applied>
  /** The generation that Asterisk says it runs. */
  running(): Promise<string>
  /** The folder that `current` names. */
  current(): string
  /** What Asterisk's console prints. */
  console(command: string): Promise<string>
  end(): Promise<void>
}

/** Makes a folder, applies a site of so many lines to it and starts Asterisk on it. */
export async function deploy(lines: number): Promise<Deployed> {
  const network = await claimNetwork()
  const dir = mkdtempSync(join(tmpdir(), 'lk-apply-'))
  const asterisk = await locateAsterisk({})
  const user = chooseUser()
  prepareInstance(dir, asterisk, user)
  const reader: Reader | undefined = user && { gid: user.gid }
  const known = { modulesDir: asterisk.modulesDir, ...(reader && { reader }) }
  const deployment = openDeployment(dir, known)
  const text = siteText(network.system, lines)
  await applyOffline(siteOf(text), text, deployment, reader)
  const process = await startAsterisk({
    package: asterisk,
    configFile: join(dir, 'etc/current/asterisk.conf'),
    runDir: join(dir, 'run'),
    user,
  })
  await waitBooted(process)
  return deployed(network, deployment, process, reader)
}

/** The site of a text that must be valid. */
export function siteOf(text: string): Site {
  const read = readSite(text, 'site.yaml')
  if (read.kind === 'site') return read.site
  throw new Error(read.findings.map(({ message }) => message).join('; '))
}

function deployed(
  network: TestNetwork,
  deployment: Deployment,
  process: AsteriskProcess,
  reader: Reader | undefined,
): Deployed {
  const { dir } = deployment
  const console = (command: string) => rx(process.instance, command)
  const reach: Deployed['reach'] = async (work) => {
    const ami = await logIn(network.system, deployment)
    const asterisk = runningAsterisk(ami, logMark(join(dir, 'log/messages.log')))
    const job: Reached['job'] = (siteText) => {
      const base = { site: siteOf(siteText), siteText, deployment, asterisk }
      return reader ? { ...base, reader } : base
    }
    try {
      return await work({ ami, asterisk, job })
    } finally {
      ami.close()
    }
  }
  return {
    dir,
    address: network.system,
    deployment,
    process,
    reach,
    apply: (text) => {
      const agree = () => Promise.resolve(true)
      return reach(async ({ job }) => (await applyJob(job(text), agree)).applied)
    },
    running: async () => {
      const globals = await console('dialplan show globals')
      return /LK_GEN=([0-9a-f]+)/.exec(globals)?.[1] ?? ''
    },
    current: () => readlinkSync(join(dir, 'etc/current')),
    console,
    end: async () => {
      await stop(process)
      await network.release()
      rmSync(dir, { recursive: true })
    },
  }
}

/** Asterisk sees the end of the former connection a moment later than we do. */
function logIn(host: string, { amiPassword: password }: Deployment): Promise<Ami> {
  const address = { host, port: 5038, username: 'linekeeper', password }
  return until('AMI lets us in', () => connectAmi({ ...address, reconnect: false }))
}
