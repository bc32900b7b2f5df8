import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDeployed } from '../../src/config/generation-folder.js'
import { canTrace } from '../rig/crash.js'
import { runProgram } from '../rig/system.js'
import type { Experiment } from './experiment.js'
import {
  ERRORS,
  type Interruption,
  inPairs,
  interrupted,
  project,
} from './interrupted.js'

/** Each kind of call that an apply makes. */
const CALLS = ['link', 'mkdir', 'symlink', 'unlink', 'rename', 'fsync', 'write'] as const
const MOST = 1_000
export const PROGRAM = join(project, 'dist/cli/main.js')

/** A state folder with one site in it, the generation of that one, and the next site. */
export interface Prepared {
  readonly before: string
  readonly next: string
  readonly old: string
}

export function applying(site: string, dir: string): readonly string[] {
  return ['apply', site, '--dir', dir, '--yes', '--offline']
}

export async function prepareApply(dir: string): Promise<Prepared> {
  const site = readFileSync(join(project, 'examples/site.yaml'), 'utf8')
  const [first, next] = [join(dir, 'first.yaml'), join(dir, 'next.yaml')]
  writeFileSync(first, site, { mode: 0o600 })
  writeFileSync(next, site.replace('Atelier', 'Second atelier'), { mode: 0o600 })
  const before = join(dir, 'before')
  const { exitCode, stderr } = await runProgram(applying(first, before))
  if (exitCode !== 0) throw new Error(`apply: ${exitCode}: ${stderr}`)
  return { before, next, old: (await readDeployed(before))?.folder ?? '' }
}

export function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true })
}

/** What is wrong with a folder after an apply died in it; undefined when it is whole. */
export async function faultOf(
  dir: string,
  prepared: Prepared,
): Promise<string | undefined> {
  const deployed = await readDeployed(dir).catch(() => undefined)
  if (!deployed) return 'current names nothing that can be read'
  if (deployed.drift.length > 0) return `not whole: ${deployed.drift.join(', ')}`
  const again = await runProgram(applying(prepared.next, dir))
  if (again.exitCode !== 0) return `the next apply: ${again.exitCode}`
  const now = await readDeployed(dir)
  if (now?.drift.length !== 0) return 'the next apply left it not whole'
  return now.folder === prepared.old ? 'the next apply did nothing' : undefined
}

export const appliesExperiment: Experiment = {
  name: 'apply-killed',
  goals: 'R07 F15',
  fault: 'EIO, ENOSPC and SIGKILL at the Nth call of an apply, for each kind of call',
  target: 'one whole generation, old or new; the next apply makes it good',
  quick: false,
  run: async ({ sized, tell }) => {
    if (!canTrace()) return { pass: false, measured: { skipped: 'no strace here' } }
    const dir = mkdtempSync(join(tmpdir(), 'lk-applies-'))
    chmodSync(dir, 0o755)
    let points = 0
    const faults: string[] = []
    try {
      const prepared = await prepareApply(dir)
      const kinds = CALLS.flatMap((call) => ERRORS.map((error) => ({ call, error })))
      const point = async (at: Interruption, place: string): Promise<boolean> => {
        copy(prepared.before, place)
        const argv = [PROGRAM, ...applying(prepared.next, place)]
        const { made } = await interrupted(at, argv, `${place}.trace`)
        if (made) {
          points += 1
          const fault = await faultOf(place, prepared)
          if (fault) faults.push(`${at.call} ${at.nth} ${at.error}: ${fault}`)
          tell(`${points} points`)
        }
        rmSync(place, { recursive: true })
        return made
      }
      await inPairs(kinds, async ({ call, error }, at) => {
        // Most writes are those of one file after another, and most are no files at all.
        const step = call === 'write' ? sized(300, 150, 60) : sized(20, 12, 1)
        for (let nth = 1; nth <= MOST; nth += step) {
          if (!(await point({ call, error, nth }, join(dir, `${at}-${nth}`)))) break
        }
      })
    } finally {
      spawnSync('rm', ['-rf', dir])
    }
    const wrong = faults.length
    const measured = { points, wrong, ...(wrong > 0 && { faults: faults.join('; ') }) }
    return { pass: wrong === 0 && points > 0, measured }
  },
}
