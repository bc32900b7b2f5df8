import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ami, connectAmi } from '../../../src/ami/ami.js'
import { logMark } from '../../../src/ami/log-mark.js'
import { runningAsterisk } from '../../../src/ami/running-asterisk.js'
import type { RunningAsterisk } from '../../../src/config/apply.js'
import { applyOffline, type Job } from '../../../src/config/apply-site.js'
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
import { siteText } from './site-text.js'

/** A private Asterisk that runs on the first generation of a folder. */
export interface Deployed {
  readonly dir: string
  readonly address: string
  readonly deployment: Deployment
  readonly ami: Ami
  readonly asterisk: RunningAsterisk
  readonly process: AsteriskProcess
  /** The job that applies this site file. */
  job(text: string): Job
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

async function deployed(
  network: TestNetwork,
  deployment: Deployment,
  process: AsteriskProcess,
  reader: Reader | undefined,
): Promise<Deployed> {
  const { dir, amiPassword } = deployment
  const ami = await connectAmi({
    host: network.system,
    port: 5038,
    username: 'linekeeper',
    password: amiPassword,
  })
  const asterisk = runningAsterisk(ami, logMark(join(dir, 'log/messages.log')))
  return {
    dir,
    address: network.system,
    deployment,
    ami,
    asterisk,
    process,
    job: (text) => ({
      site: siteOf(text),
      siteText: text,
      deployment,
      asterisk,
      ...(reader && { reader }),
    }),
    console: (command) => rx(process.instance, command),
    end: async () => {
      ami.close()
      await stop(process)
      await network.release()
      rmSync(dir, { recursive: true })
    },
  }
}
