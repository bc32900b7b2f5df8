import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { Secret } from '../model/secret.js'
import type { Deployment } from './deployment.js'
import { codeOf } from './durable-file.js'
import type { Reader } from './generation-folder.js'

/** What is learnt about the Asterisk of a deployment when it is first set up. */
export interface Known {
  /** Asterisk's modules; remembered for the commands that come after. */
  readonly modulesDir?: string
  /** The account Asterisk reads its configuration as, unless it is ours. */
  readonly reader?: Reader
}

/** Made once, by the first process that opens the folder. */
interface Secrets {
  readonly ariPassword: string
  readonly amiPassword: string
}

interface Remembered {
  readonly node: string
  readonly modulesDir: string
}

/**
 * Opens the state folder of a site, and makes it with its passwords when it is not
 * there yet. Opening it again changes nothing but what is known better now.
 */
export function openDeployment(dir: string, known: Known = {}): Deployment {
  const place = resolve(dir)
  mkdirSync(place, { recursive: true, mode: 0o755 })
  makeReadable(join(place, 'etc'), known.reader)
  makeReadable(join(place, 'etc/custom'), known.reader)
  const secrets = remember<Secrets>(join(place, 'secrets.json'), () => ({
    ariPassword: randomPassword(),
    amiPassword: randomPassword(),
  }))
  const { node, modulesDir } = rememberAsterisk(place, known.modulesDir)
  return {
    dir: place,
    modulesDir,
    node,
    ariPassword: new Secret(secrets.ariPassword),
    amiPassword: new Secret(secrets.amiPassword),
  }
}

/** Where the modules of this deployment's Asterisk lie, if that was ever said. */
export function knownModulesDir(dir: string): string | undefined {
  try {
    const text = readFileSync(join(dir, REMEMBERED), 'utf8')
    const { modulesDir } = JSON.parse(text) as Remembered
    return modulesDir === '' ? undefined : modulesDir
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const REMEMBERED = 'deployment.json'

function rememberAsterisk(place: string, modulesDir: string | undefined): Remembered {
  const path = join(place, REMEMBERED)
  const there = remember<Remembered>(path, () => ({
    node: nodeName(),
    modulesDir: modulesDir ?? '',
  }))
  if (modulesDir === undefined || modulesDir === there.modulesDir) return there
  rmSync(path)
  return remember<Remembered>(path, () => ({ node: there.node, modulesDir }))
}

/**
 * Reads a file of ours, written first if it is not there. Two processes that come
 * at once agree: the file appears whole, by a link, and the second finds it.
 */
function remember<T>(path: string, make: () => T): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch (error) {
    // Its own message quotes the text, with the passwords in it.
    if (error instanceof SyntaxError) {
      throw new Error(`${path}: not JSON. Bring it back from a backup, or remove it`)
    }
    if (codeOf(error) !== 'ENOENT') throw error
  }
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(make(), undefined, 2)}\n`, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    // Somebody was quicker: theirs stands.
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
  return JSON.parse(readFileSync(path, 'utf8')) as T
}

/** A folder that Asterisk's group may read and nobody else (T26). */
function makeReadable(path: string, reader: Reader | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o750 })
  if (statSync(path).uid !== process.getuid?.()) return
  if (reader) {
    chownSync(path, -1, reader.gid)
    chmodSync(path, 0o750)
  }
}

/** Letters and digits, so that it fits wherever a password is written (§3.6). */
function randomPassword(): string {
  return randomBytes(24).toString('hex')
}

/** Two nodes of one site must differ: channel ids begin with it. */
function nodeName(): string {
  const name = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 20)
  return `lk${name}`
}
