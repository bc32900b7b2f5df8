#!/usr/bin/env node
/**
 * Makes the prompts of prompts.yaml with espeak-ng and sox, both from Debian's packages
 * in the cache folder (../tree.mjs), so that two machines make the same bytes.
 * manifest.json says which text and voice each file was made from.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { exitCodeOf, fetchTree } from '../fetch.mjs'
import { programOf, recipes } from '../tree.mjs'

const usage = `usage: node asterisk/sounds/build.mjs [--all]

Makes asterisk/sounds/{fr,en}/lk-*.gsm from asterisk/sounds/prompts.yaml, as far as a
text or a voice is not the one the file was made from, and removes what is not listed.

  --all    make every file again
  --help   this text`

const folder = fileURLToPath(new URL('.', import.meta.url))
const manifestFile = join(folder, 'manifest.json')

/** Words a minute below espeak-ng's 175: a telephone takes the high sounds away. */
const voices = { fr: ['-v', 'fr-fr', '-s', '150'], en: ['-v', 'en-us', '-s', '150'] }

/** GSM 06.10, 1.6 kB/s: what Asterisk's own prompts are commonly kept in. */
const format = ['-r', '8000', '-c', '1', '-e', 'gsm', '-t', 'gsm']

/** Trimmed at both ends, nothing below a telephone's 300 Hz, the same loudness for all. */
const trim = ['silence', '1', '0.02', '0.5%', 'reverse']
const effects = ['highpass', '250', ...trim, ...trim, 'norm', '-4', 'pad', '0.05', '0.12']

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** What a file is made from; the manifest keeps it beside the file's own hash. */
function recipeOf(language, text) {
  return {
    text: sha256(text).slice(0, 16),
    voice: sha256(voiceOf(language)).slice(0, 16),
  }
}

function voiceOf(language) {
  return JSON.stringify([voices[language], format, effects])
}

async function main(argv) {
  if (argv.includes('--help')) {
    console.log(usage)
    return 0
  }
  const unknown = argv.find((argument) => argument !== '--all')
  if (unknown) {
    console.error(`build: unknown argument ${unknown}\n\n${usage}`)
    return 64
  }
  const { prompts } = parse(readFileSync(join(folder, 'prompts.yaml'), 'utf8'))
  const made = prompts.filter(({ source }) => source === 'made')
  const before = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile)) : {}
  const say = speaker(await fetchTree('voice'))
  const files = {}
  let count = 0
  for (const language of Object.keys(voices)) {
    mkdirSync(join(folder, language), { recursive: true })
    for (const prompt of made) {
      const name = `${language}/lk-${prompt.id}.gsm`
      const recipe = recipeOf(language, prompt[language])
      const known = before.files?.[name]
      if (argv.includes('--all') || !isUnchanged(name, recipe, known)) {
        say(language, prompt[language], join(folder, name))
        count += 1
      }
      files[name] = { ...recipe, sha256: sha256(readFileSync(join(folder, name))) }
    }
    removeOthers(language, files)
  }
  const { packages } = recipes.voice
  writeFileSync(manifestFile, `${JSON.stringify({ packages, files }, undefined, 1)}\n`)
  console.log(`${count} of ${Object.keys(files).length} prompts made`)
  return 0
}

function isUnchanged(name, recipe, known) {
  const path = join(folder, name)
  if (known?.text !== recipe.text || known.voice !== recipe.voice) return false
  if (!existsSync(path)) return false
  return known.sha256 === sha256(readFileSync(path))
}

function removeOthers(language, files) {
  for (const entry of readdirSync(join(folder, language))) {
    if (!files[`${language}/${entry}`]) rmSync(join(folder, language, entry))
  }
}

/** A function that reads a text into a file. */
function speaker(tree) {
  const espeak = programOf(tree, recipes.voice.programs['espeak-ng'])
  const sox = programOf(tree, recipes.voice.programs.sox)
  const data = `--path=${espeak.libraries}`
  const spoken = join(tmpdir(), `lk-prompt-${process.pid}.wav`)
  return (language, text, path) => {
    const speak = [...espeak.argv, data, ...voices[language], '-w', spoken, text]
    execFileSync(espeak.command, speak, { stdio: ['ignore', 'ignore', 'inherit'] })
    // -R and -D: no random numbers, no dither: the same bytes each time.
    const shape = [...sox.argv, '-R', '-D', spoken, ...format, path, ...effects]
    execFileSync(sox.command, shape, { stdio: ['ignore', 'ignore', 'inherit'] })
    rmSync(spoken)
  }
}

process.exitCode = await main(process.argv.slice(2)).catch(exitCodeOf)
