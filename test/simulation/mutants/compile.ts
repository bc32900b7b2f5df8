import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Core } from '../controller.js'
import type { Mutant } from './mutant.js'

const project = join(import.meta.dirname, '../../..')

/** The mutants as cores of their own, and how to sweep them up. */
export interface Compiled {
  readonly coreOf: (mutant: Mutant) => Promise<Core>
  readonly remove: () => void
}

/** Copies the core once for each mutant, replaces the text, and compiles all of them at once. */
export function compile(mutants: readonly Mutant[]): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'linekeeper-mutants-'))
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: OPTIONS }),
  )
  cpSync(join(project, 'src/model'), join(folder, 'src/model'), { recursive: true })
  mutants.forEach((mutant, at) => {
    plant(mutant, join(folder, `src/mutant${at}`))
  })
  const compiler = join(project, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', folder])
  return {
    coreOf: async (mutant) => {
      const core = join(folder, `out/mutant${mutants.indexOf(mutant)}`)
      const [{ decide }, { initialState }] = await Promise.all([
        import(pathToFileURL(join(core, 'decide.js')).href),
        import(pathToFileURL(join(core, 'state.js')).href),
      ])
      return { decide, initialState }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** The types of a mutant need not be right, only its text. */
const OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  rootDir: 'src',
  outDir: 'out',
  noCheck: true,
  types: [],
}

/** Throws when the text is not there exactly once: the mutant must follow the rule. */
function plant({ name, file, find, replace }: Mutant, folder: string): void {
  cpSync(join(project, 'src/call'), folder, { recursive: true })
  const path = join(folder, file)
  const parts = readFileSync(path, 'utf8').split(find)
  if (parts.length !== 2) {
    throw new Error(`mutant "${name}": its text is ${parts.length - 1} times in ${file}`)
  }
  writeFileSync(path, parts.join(replace))
}
