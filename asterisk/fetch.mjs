#!/usr/bin/env node
/**
 * Fetches a private Asterisk (and test phones) from Debian's own packages into a cache
 * folder. Nothing is installed on the machine: the packages are only unpacked, and run
 * through their own loader (tree.mjs). Runs before `npm ci`, so plain Node only.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.mjs'
import {
  cacheFolder,
  isAtLeast,
  oldestAsterisk,
  programOf,
  recipes,
  suite,
  treeFolder,
  versionIn,
} from './tree.mjs'

const usage = `usage: node asterisk/fetch.mjs [--phones] [--browser]

Fetches a private Asterisk >= ${oldestAsterisk} from Debian's packages (suite ${suite}) into the
cache folder and prints where it is. Does nothing when it is already there.

  --phones   also fetch the test phones (baresip, SIPp)
  --browser  also fetch the test browser (Chromium)
  --help     this text

LINEKEEPER_CACHE            the cache folder (now ${cacheFolder()})
LINEKEEPER_DEBIAN_MIRROR    a Debian mirror, when the default one is not to be used

Exit codes: 0 done, 1 error, 5 the machine lacks something (the message says what).`

/** The machine lacks something that only its administrator can give: exit code 5. */
export class FetchError extends Error {
  name = 'FetchError'
}

const say = (text) => process.stderr.write(`fetch: ${text}\n`)

/** Makes sure one tree is in the cache, and returns its folder. */
export async function fetchTree(name, cache = cacheFolder()) {
  const tree = treeFolder(name, cache)
  if (existsSync(tree)) return tree

  await openCache(cache)
  const onWait = () => say(`another fetch is at work in ${cache}, waiting for it`)
  await withLock(join(cache, '.lock'), onWait, async () => {
    if (existsSync(tree)) return
    await removeRemains(cache)
    await extract(name, tree)
  })
  return tree
}

/** Asterisk runs as another user than the one who fetches it: the cache is for all. */
async function openCache(cache) {
  await mkdir(cache, { recursive: true, mode: 0o755 })
  await chmod(cache, 0o755).catch(() => say(`${cache} is not ours, left as it is`))
}

/** What a killed fetch left. We hold the lock, so nobody is still writing it. */
async function removeRemains(cache) {
  for (const entry of await readdir(cache)) {
    if (!entry.startsWith('.partial-')) continue
    await rm(join(cache, entry), { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Unpacks beside, checks, and renames: a tree that exists is complete. */
async function extract(name, tree) {
  ensureMmdebstrap()
  const { packages } = recipes[name]
  const partial = join(tree, '..', `.partial-${process.pid}-${basename(tree)}`)
  say(`installing ${packages.join(', ')} from Debian ${suite} into ${tree}`)
  try {
    await unpack(packages, partial)
    await tidy(partial)
    if (name === 'asterisk') await nameSounds(join(partial, 'usr/share/asterisk/sounds'))
    if (name === 'browser') setInterpreter(partial, tree)
    const versions = checkPrograms(name, partial)
    const record = { suite, packages, versions, fetched: new Date().toISOString() }
    await writeFile(join(partial, 'linekeeper.json'), `${JSON.stringify(record)}\n`)
    await rename(partial, tree)
    say(`installed ${Object.values(versions).join(', ')}`)
  } finally {
    await rm(partial, { recursive: true, force: true, maxRetries: 5 })
  }
}

/**
 * A mirror frozen at a date serves release files that are past their date. Only then,
 * and saying so, the date is not checked; signatures are checked in every case.
 */
async function unpack(packages, folder) {
  const first = await mmdebstrap(packages, folder, [])
  if (first.code === 0) return
  if (!/Release file for .* is expired/.test(first.log)) throw failure(first)

  say('the mirror is a dated snapshot (its release file is expired): trying once more')
  say('without the check of the date; signatures are still checked')
  await rm(folder, { recursive: true, force: true })
  const relaxed = ['--aptopt=Acquire::Check-Valid-Until "false"']
  const second = await mmdebstrap(packages, folder, relaxed)
  if (second.code !== 0) throw failure(second)
}

function failure({ log, code, stopped }) {
  if (stopped) return new FetchError(`stopped by ${stopped}, nothing was kept`)
  const lines = log.trim().split('\n').slice(-12).join('\n  ')
  return new FetchError(
    `mmdebstrap failed with exit code ${code}:\n  ${lines}\n` +
      'Is the Debian mirror reachable? LINEKEEPER_DEBIAN_MIRROR can name another.',
  )
}

/** Runs mmdebstrap; its progress goes to stderr as it comes. */
function mmdebstrap(packages, folder, options) {
  const mirror = process.env['LINEKEEPER_DEBIAN_MIRROR']
  const argv = [
    '--variant=extract',
    // Unpacking runs nothing of the tree, so an ordinary user may do it too.
    ...(process.getuid?.() === 0 ? [] : ['--mode=chrootless']),
    '--aptopt=Acquire::Retries "3"',
    ...options,
    `--include=${packages.join(',')}`,
    suite,
    folder,
    ...(mirror ? [mirror] : []),
  ]
  const child = spawn('mmdebstrap', argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stopped
  const stop = (signal) => {
    stopped = signal
    child.kill(signal)
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  let log = ''
  const keep = (bytes) => {
    const text = bytes.toString()
    log = (log + text).slice(-20_000)
    for (const line of text.split('\n')) if (/^[IE]: /.test(line)) say(line)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      resolve({ code, log, stopped })
    })
  })
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** On Ubuntu the keyring of Debian is a package of its own. */
function ensureMmdebstrap() {
  const missing = []
  if (spawnSync('mmdebstrap', ['--version']).error) missing.push('mmdebstrap')
  if (!existsSync(keyring)) missing.push('debian-archive-keyring')
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).error) {
    throw new FetchError(
      `the package ${missing.join(' and ')} is needed to unpack Asterisk. As root: ${command}`,
    )
  }
  say(`installing ${missing.join(', ')} with apt-get`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (argv) => spawnSync('apt-get', argv, { env, stdio: ['ignore', 2, 2] })
  run(['update', '-q'])
  const done = run(['install', '-q', '-y', '--no-install-recommends', ...missing])
  if (done.status !== 0) throw new FetchError(`this failed, see above: ${command}`)
}

/**
 * Readable by every user, and no set-user-id program: nobody keeps these packages up
 * to date against local attacks.
 */
async function tidy(tree) {
  for (const useless of ['dev', 'proc', 'sys', 'tmp', 'var/cache', 'var/lib/apt']) {
    await rm(join(tree, useless), { recursive: true, force: true })
  }
  execFileSync('chmod', ['-R', 'u=rwX,go=rX,a-st', tree])
}

/** Asterisk looks for sounds/<language>; the packages name the voice. */
async function nameSounds(sounds) {
  for (const entry of await readdir(sounds)) {
    const language = /^(en|fr)_[A-Z]{2}_/.exec(entry)?.[1]
    if (language) await symlink(entry, join(sounds, language))
  }
  for (const language of ['en', 'fr']) {
    if (!existsSync(join(sounds, language, 'vm-intro.wav'))) {
      throw new FetchError(`the packages hold no prompts for the language ${language}`)
    }
  }
}

/** The option that makes a program say which version it is. */
const asksVersion = {
  asterisk: '-V',
  baresip: '-h',
  sipp: '-v',
  tcpdump: '-h',
  chromium: '--version',
  'espeak-ng': '--version',
  sox: '--version',
}

const saysVersion =
  /(asterisk|baresip|sipp|tcpdump|chromium|SoX_ng|text-to-speech:)(?: version)? v?\d[\w.]*/i

/** Runs each program through its loader, and returns what each says it is. */
function checkPrograms(name, tree) {
  const versions = {}
  for (const [program, path] of Object.entries(recipes[name].programs)) {
    const found = programOf(tree, path)
    if (!found) throw new FetchError(`the packages hold no ${path} for ${process.arch}`)
    const argv = [...found.argv, asksVersion[program]]
    const done = spawnSync(found.command, argv, { encoding: 'utf8' })
    const text = `${done.stdout}${done.stderr}`
    versions[program] = saysVersion.exec(text)?.[0]
    if (!versions[program])
      throw new FetchError(`${program} does not run: ${text.trim()}`)
    if (program === 'asterisk') requireAsterisk(versionIn(text))
  }
  return versions
}

/** The loader of the tree where it will be, not where it is being made (tree.mjs). */
function setInterpreter(partial, tree) {
  const { command, argv } = programOf(partial, 'usr/bin/patchelf')
  const interpreter = join(tree, relative(partial, command))
  const program = join(partial, recipes.browser.programs.chromium)
  execFileSync(command, [...argv, '--set-interpreter', interpreter, program])
}

function requireAsterisk(version) {
  if (version && isAtLeast(version, oldestAsterisk)) return
  throw new FetchError(
    `Debian ${suite} holds Asterisk ${version}, at least ${oldestAsterisk} is needed: ` +
      'set LINEKEEPER_DEBIAN_MIRROR to a mirror that is up to date',
  )
}

async function main(argv) {
  if (argv.includes('--help') || argv.includes('-h')) {
    console.log(usage)
    return 0
  }
  const unknown = argv.find((argument) => !['--phones', '--browser'].includes(argument))
  if (unknown) {
    console.error(`fetch: unknown argument ${unknown}\n\n${usage}`)
    return 64
  }
  const names = ['asterisk']
  if (argv.includes('--phones')) names.push('phones')
  if (argv.includes('--browser')) names.push('browser')
  for (const name of names) console.log(await fetchTree(name))
  return 0
}

/** An error that says what the machine lacks, told without a stack; exit code 5. */
export function exitCodeOf(error) {
  const lacking = error instanceof FetchError || error?.code === 'ENOENT'
  const refused = error?.code === 'EACCES' || error?.code === 'EROFS'
  say(lacking || refused ? error.message : (error?.stack ?? String(error)))
  return lacking || refused ? 5 : 1
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.umask(0o022)
  process.exitCode = await main(process.argv.slice(2)).catch(exitCodeOf)
}
