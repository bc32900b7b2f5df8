import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  PROMPTS,
  type PromptLanguage,
  promptLanguages,
  promptNames,
  readPrompts,
} from './prompts.js'

/** The formats of prompts that Asterisk's allow-list of modules reads. */
const FORMATS = ['gsm', 'wav', 'alaw', 'ulaw', 'sln', 'sln16', 'g722', 'WAV']

/**
 * Fills Asterisk's folder of sounds, with a folder per language: links to the package's
 * prompts, so that an upgrade of the package is followed, and ours beside them. `custom`
 * in it leads to the operator's recordings, which Asterisk looks into first
 * (sounds_search_custom_dir). Files and folders put there by others are kept.
 */
export function fillSounds(
  sounds: string,
  packageSounds: string,
  recordings: string,
): void {
  mkdirSync(sounds, { recursive: true, mode: 0o755 })
  for (const entry of readdirSync(packageSounds)) {
    if (entry !== 'fr' && entry !== 'en') {
      linkEntry(packageSounds, entry, join(sounds, entry))
    }
  }
  for (const language of promptLanguages) {
    const folder = join(sounds, language)
    makeFolder(folder)
    const voice = voiceOf(packageSounds, language)
    if (voice) linkAll(voice, folder)
    putOwn(folder, language)
    mkdirSync(join(recordings, language), { recursive: true, mode: 0o755 })
    link(join(recordings, language), join(folder, 'custom'))
  }
}

/** Prompts that Asterisk would look for in vain, as `fr/lk-absent`. */
export function missingPrompts(sounds: string): string[] {
  const names = promptNames(readPrompts())
  return promptLanguages.flatMap((language) =>
    names
      .filter((name) => !plays(join(sounds, language), name))
      .map((name) => `${language}/${name}`),
  )
}

function plays(folder: string, name: string): boolean {
  return ['custom', '.'].some((place) =>
    FORMATS.some((format) => existsSync(join(folder, place, `${name}.${format}`))),
  )
}

/** The packages name the voice: fr_CA_f_June. */
function voiceOf(packageSounds: string, language: PromptLanguage): string | undefined {
  const named = readdirSync(packageSounds).find((entry) =>
    entry.startsWith(`${language}_`),
  )
  return [language, named]
    .flatMap((entry) => (entry === undefined ? [] : [join(packageSounds, entry)]))
    .find((path) => existsSync(path))
}

/** Ours, as copies: Asterisk's user may not pass to where this program lies. */
function putOwn(folder: string, language: PromptLanguage): void {
  const ours = fileURLToPath(new URL(`${language}/`, PROMPTS))
  const kept = new Set(readdirSync(ours))
  for (const entry of kept) copyChanged(join(ours, entry), join(folder, entry))
  for (const { id, source } of readPrompts().own) {
    if (source === 'made') continue
    const [, name = ''] = source.split(':')
    for (const format of FORMATS) {
      if (!existsSync(join(folder, `${name}.${format}`))) continue
      link(`${name}.${format}`, join(folder, `lk-${id}.${format}`))
      kept.add(`lk-${id}.${format}`)
    }
  }
  // What an earlier version said.
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith('lk-') && !kept.has(entry)) unlinkSync(join(folder, entry))
  }
}

function copyChanged(from: string, to: string): void {
  if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) return
  copyFileSync(from, to)
  chmodSync(to, 0o644)
}

function linkAll(from: string, folder: string): void {
  for (const entry of readdirSync(from)) linkEntry(from, entry, join(folder, entry))
}

function linkEntry(from: string, entry: string, path: string): void {
  const target = join(from, entry)
  // Debian's links to /var/lib lead nowhere in an unpacked tree.
  if (statSync(target, { throwIfNoEntry: false })) link(target, path)
}

/** A real folder, also where an earlier version had a link to the package's. */
function makeFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(path)
  mkdirSync(path, { recursive: true, mode: 0o755 })
}

/** A link, unless something else than a link is there. */
export function link(target: string, path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there && !there.isSymbolicLink()) return
  if (there && readlinkSync(path) === target) return
  if (there) unlinkSync(path)
  symlinkSync(target, path)
}
