/**
 * Where the private trees of Debian packages lie, and how a program inside one is
 * run. Plain Node: fetch.mjs uses this before any npm package is installed, and
 * src/instance uses it at run time.
 */
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Older versions have known remote crashes on our path (GHSA-589g-qgf8-m6mx and others). */
export const oldestAsterisk = '22.10.1'

/**
 * What each tree holds. `revision` goes up when the recipe changes, so that a cache
 * filled by an older checkout is never mistaken for the wanted one.
 */
export const recipes = {
  asterisk: {
    revision: 1,
    packages: ['asterisk', 'asterisk-core-sounds-en-wav', 'asterisk-core-sounds-fr-wav'],
    programs: { asterisk: 'usr/sbin/asterisk' },
  },
  phones: {
    revision: 2,
    packages: ['baresip-core', 'sip-tester', 'tcpdump'],
    programs: {
      baresip: 'usr/bin/baresip',
      sipp: 'usr/bin/sipp',
      tcpdump: 'usr/bin/tcpdump',
    },
  },
  browser: {
    revision: 1,
    packages: ['chromium', 'fonts-dejavu-core', 'patchelf'],
    programs: { chromium: 'usr/lib/chromium/chromium' },
  },
  // Makes the prompts (sounds/build.mjs); nothing that runs needs it.
  voice: {
    revision: 1,
    packages: ['espeak-ng', 'sox'],
    programs: { 'espeak-ng': 'usr/bin/espeak-ng', sox: 'usr/bin/sox' },
  },
}

export const suite = 'forky'

/** The cache folder: $LINEKEEPER_CACHE, else the system's for root, else the user's own. */
export function cacheFolder(env = process.env) {
  if (env['LINEKEEPER_CACHE']) return env['LINEKEEPER_CACHE']
  if (process.getuid?.() === 0) return '/var/cache/linekeeper'
  return join(homedir(), '.cache', 'linekeeper')
}

/** The folder of one tree. It exists only when it is complete: see fetch.mjs. */
export function treeFolder(name, cache = cacheFolder()) {
  return join(cache, `${name}-${suite}-${process.arch}-${recipes[name].revision}`)
}

/**
 * The multiarch folder of a tree and the dynamic loader in it. Debian names them by
 * architecture (x86_64-linux-gnu/ld-linux-x86-64.so.2, aarch64-linux-gnu/
 * ld-linux-aarch64.so.1), so both are looked for, not known.
 */
export function findLoader(tree) {
  const lib = join(tree, 'usr/lib')
  if (!existsSync(lib)) return undefined
  for (const folder of readdirSync(lib)) {
    if (!folder.includes('-linux-gnu')) continue
    const loader = readdirSync(join(lib, folder)).find((file) =>
      /^ld.*\.so\.\d+$/.test(file),
    )
    if (loader) return { libraries: join(lib, folder), loader: join(lib, folder, loader) }
  }
  return undefined
}

/**
 * The command that runs a program of a tree through the tree's own loader and
 * libraries, without chroot: the machine's own libraries may be years older.
 */
export function programOf(tree, program) {
  const found = findLoader(tree)
  const path = join(tree, program)
  if (!found || !existsSync(path)) return undefined
  const argv0 = program.split('/').at(-1)
  return {
    command: found.loader,
    argv: ['--library-path', searchPath(found.libraries), '--argv0', argv0, path],
    libraries: found.libraries,
  }
}

/**
 * How the browser of a tree is started: by itself, because it finds its resources and
 * starts its own processes by /proc/self/exe, which would be the loader. Its interpreter
 * was set when the tree was made; libraries and fonts are the tree's.
 */
export function browserOf(tree) {
  const found = findLoader(tree)
  const path = join(tree, recipes.browser.programs.chromium)
  if (!found || !existsSync(path)) return undefined
  const env = { LD_LIBRARY_PATH: searchPath(found.libraries), FONTCONFIG_SYSROOT: tree }
  return { path, env }
}

/** Debian keeps the inner library of libpulse in a folder that its RUNPATH knows. */
function searchPath(libraries) {
  const inner = join(libraries, 'pulseaudio')
  return existsSync(inner) ? `${libraries}:${inner}` : libraries
}

/** The version in `Asterisk 22.10.1+dfsg…`, the answer to `asterisk -V`. */
export function versionIn(text) {
  return /Asterisk (?:certified[/-])?(\d+(?:\.\d+)+)/.exec(text)?.[1]
}

/** Whether a dotted version is at least another one; a missing part counts as 0. */
export function isAtLeast(version, floor) {
  const parts = version.split('.').map(Number)
  for (const [index, wanted] of floor.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0
    if (part !== wanted) return part > wanted
  }
  return true
}
