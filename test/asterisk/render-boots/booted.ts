import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Deployment, GeneratedFile } from '../../../src/config/deployment.js'
import { render } from '../../../src/config/render.js'
import {
  startAsterisk,
  stop,
  waitBooted,
} from '../../../src/instance/asterisk-process.js'
import { prepareInstance } from '../../../src/instance/folders.js'
import { locateAsterisk } from '../../../src/instance/package.js'
import { rx } from '../../../src/instance/remote-console.js'
import { chooseUser } from '../../../src/instance/user.js'
import type { Site } from '../../../src/model/site.js'
import { claimNetwork } from '../../rig/ports.js'
import { deployment as placeholders } from '../../unit/config/rendered-site.js'

/** An Asterisk that has just booted on rendered files, with nothing else around it. */
export interface Booted {
  readonly dir: string
  readonly files: readonly GeneratedFile[]
  readonly deployment: Deployment
  console(command: string): Promise<string>
  /** What the log says beyond its first line, which names the version. */
  complaints(): string[]
  end(): Promise<void>
}

/** Boots a site on addresses of its own; `custom` holds the operator's additions. */
export async function boot(
  site: Site,
  custom: Readonly<Record<string, string>> = {},
): Promise<Booted> {
  const network = await claimNetwork()
  const dir = mkdtempSync(join(tmpdir(), 'lk-boots-'))
  const asterisk = await locateAsterisk({})
  const user = chooseUser()
  prepareInstance(dir, asterisk, user)
  const deployment = { ...placeholders, dir, modulesDir: asterisk.modulesDir }
  const files = render(at(site, network.system), deployment)
  mkdirSync(join(dir, 'etc/gen'), { recursive: true })
  mkdirSync(join(dir, 'etc/custom'))
  symlinkSync('gen', join(dir, 'etc/current'))
  const written = [
    ...files.map(({ name, text }) => [`gen/${name}`, text] as const),
    ...Object.entries(custom).map(([name, text]) => [`custom/${name}`, text] as const),
  ]
  for (const [name, text] of written) {
    const path = join(dir, 'etc', name)
    writeFileSync(path, text, { mode: 0o640 })
    if (user) chownSync(path, -1, user.gid)
  }
  const configFile = join(dir, 'etc/current/asterisk.conf')
  const instance = { package: asterisk, configFile, runDir: join(dir, 'run'), user }
  const process = await startAsterisk(instance)
  await waitBooted(process)
  return {
    dir,
    files,
    deployment,
    console: (command) => rx(instance, command),
    complaints: () => complaints(join(dir, 'log/messages.log')),
    end: async () => {
      await stop(process)
      await network.release()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The same site, listening where nobody else does. */
function at(site: Site, host: string): Site {
  const { sip, ari, ami } = site.asterisk
  return {
    ...site,
    asterisk: {
      ...site.asterisk,
      sip: { ...sip, host },
      ari: { ...ari, host },
      ami: { ...ami, host },
    },
  }
}

function complaints(log: string): string[] {
  return readFileSync(log, 'utf8').trim().split('\n').slice(1)
}
