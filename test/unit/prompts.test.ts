import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROMPTS, promptLanguages, readPrompts } from '../../src/instance/prompts.js'
import { announcements } from '../../src/model/announcement.js'

/** A frame of GSM 06.10: 33 bytes of 20 ms, the first four bits are always these. */
const FRAME_BYTES = 33
const MARK = 0xd

interface Manifest {
  readonly files: Record<string, { readonly text: string; readonly sha256: string }>
}

const { own } = readPrompts()
const made = own.filter(({ source }) => source === 'made')
const manifest = JSON.parse(read('manifest.json').toString()) as Manifest

describe('the text list', () => {
  it('names no prompt twice', () => {
    expect(own.map(({ id }) => id)).toEqual([...new Set(own.map(({ id }) => id))])
  })

  it('holds every prompt that the program and the dialplan play', () => {
    const files = ['src/call', 'templates'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:ts|hbs)$/.test(name))
        .map((name) => join(folder, name)),
    )
    const played = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\blk-([a-z]+(?:-[a-z]+)*)\b(?!-\$)/g)].map(
        ([name]) => name,
      ),
    )
    const listed = new Set(own.map(({ id }) => `lk-${id}`))
    expect(Object.values(announcements).filter((name) => !listed.has(name))).toEqual([])
    expect(played.filter((name) => !listed.has(name))).toEqual([])
  })
})

describe.each(promptLanguages)('the prompts in %s', (language) => {
  it('are those of the list, and no others', () => {
    const wanted = made.map(({ id }) => `lk-${id}.gsm`).sort()
    expect(readdirSync(new URL(language, PROMPTS)).sort()).toEqual(wanted)
  })

  it.each(made.map((prompt) => [prompt.id, prompt] as const))(
    '%s was made from the text that is listed',
    (id, prompt) => {
      const name = `${language}/lk-${id}.gsm`
      const file = read(name)
      expect(manifest.files[name]?.text, 'run node asterisk/sounds/build.mjs').toBe(
        sha256(prompt[language]).slice(0, 16),
      )
      expect(sha256(file), name).toBe(manifest.files[name]?.sha256)
      expect(file.length % FRAME_BYTES).toBe(0)
      expect((file[0] ?? 0) >> 4).toBe(MARK)
      // Read aloud: between 6 and 30 characters a second.
      const seconds = (file.length / FRAME_BYTES) * 0.02
      expect(seconds).toBeGreaterThan(prompt[language].length / 30)
      expect(seconds).toBeLessThan(0.6 + prompt[language].length / 6)
    },
  )
})

function read(name: string): Buffer {
  return readFileSync(new URL(name, PROMPTS))
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
