import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '../../src/store/database.js'
import { canTrace } from '../rig/crash.js'
import { until } from '../rig/until.js'
import { type Experiment, zeros } from './experiment.js'
import { onEstate } from './shared-estate.js'

const project = fileURLToPath(new URL('../..', import.meta.url))

const ERRORS = ['error=EIO', 'error=ENOSPC', 'signal=KILL'] as const
const CALLS = ['pwrite64', 'fdatasync', 'fsync', 'ftruncate'] as const
const ROWS = 5

const writes: Experiment = {
  name: 'writes',
  goals: 'R07 F14',
  fault: 'EIO, ENOSPC and SIGKILL at the Nth write or sync of a store, N = 1, 2, 3 …',
  target: 'what was confirmed is there, nothing is half there, the store opens again',
  quick: true,
  run: ({ sized, random }) => {
    if (!canTrace()) {
      return Promise.resolve({
        pass: false,
        measured: { skipped: 'strace is not there' },
      })
    }
    const writer = compiled()
    const dir = mkdtempSync(join(tmpdir(), 'lk-writes-'))
    let [points, confirmed, missing, unreadable] = [0, 0, 0, 0]
    try {
      for (const call of CALLS) {
        for (const error of ERRORS) {
          const step = sized(random.between(5, 9), 2, 1)
          for (let nth = 1; nth <= sized(18, 60, 400); nth += step) {
            const file = join(dir, `${points}.db`)
            const { said, made } = interrupted(writer, { file, call, error, nth })
            if (!made) break
            points += 1
            const kept = readBack(file)
            if (!kept) unreadable += 1
            confirmed += said.length
            missing += said.filter((number) => kept && !kept.has(number)).length
            for (const name of readdirSync(dir)) rmSync(join(dir, name), { force: true })
          }
        }
      }
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
    return Promise.resolve({
      pass: missing + unreadable === 0 && points > 0,
      measured: { points, confirmed, missing, unreadable },
    })
  },
}

/** The writer, as JavaScript of its own beside the tests' TypeScript. */
function compiled(): string {
  const path = join(project, 'dist/store/database.js')
  const text = `import { writeSync } from 'node:fs'
import { attempt, openStore } from ${JSON.stringify(path)}
const [, , file, count] = process.argv
let database
try {
  database = openStore(file, ['CREATE TABLE IF NOT EXISTS word (number INTEGER) STRICT'])
} catch { process.exit(3) }
const insert = database.prepare('INSERT INTO word VALUES (?)')
for (let number = 1; number <= Number(count); number++) {
  try {
    attempt('write', () => insert.run(number))
    writeSync(1, number + '\\n')
  } catch {
    writeSync(1, 'refused ' + number + '\\n')
  }
}
try { database.close() } catch { process.exit(4) }
`
  const folder = mkdtempSync(join(tmpdir(), 'lk-writer-'))
  const file = join(folder, 'writer.mjs')
  writeFileSync(file, text)
  return file
}

interface Interruption {
  readonly file: string
  readonly call: (typeof CALLS)[number]
  readonly error: (typeof ERRORS)[number]
  readonly nth: number
}

/** What the writer confirmed; `made`: it lived to make its nth call of this kind. */
function interrupted(
  writer: string,
  { file, call, error, nth }: Interruption,
): { readonly said: readonly number[]; readonly made: boolean } {
  const log = `${file}.strace`
  const inject = `inject=${call}:${error}:when=${nth}`
  const { stdout } = spawnSync(
    'strace',
    [
      ...['-f', '-qq', '-o', log, '-e', `trace=${call}`, '-e', inject],
      ...[process.execPath, writer, file, String(ROWS)],
    ],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
  )
  const { stdout: traced } = spawnSync('grep', ['-c', `${call}(`, log])
  const said = stdout
    .toString()
    .split('\n')
    .flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []))
  return { said, made: Number(traced.toString()) >= nth }
}

/** The numbers in a store; undefined when it does not open. One never made is empty. */
function readBack(file: string): ReadonlySet<number> | undefined {
  try {
    if (!existsSync(file)) return new Set()
    const database = openStore(file, [
      'CREATE TABLE IF NOT EXISTS word (number INTEGER) STRICT',
    ])
    const rows = database.prepare('SELECT number FROM word').all() as { number: number }[]
    database.close()
    return new Set(rows.map(({ number }) => number))
  } catch {
    return undefined
  }
}

const diskFull: Experiment = {
  name: 'disk-full',
  goals: 'R08 F13',
  fault: 'store, log and spool on a disk of 24 MB, filled to the last byte under load',
  target:
    '0 calls lost; a change is refused with 503 and changes nothing; space helps at once',
  quick: false,
  run: (setting) =>
    onEstate(setting, async (estate) => {
      const { system } = estate
      // On the running system: what is open stays open, what is new meets the full disk.
      const folder = join(system.state, 'store')
      await system.down()
      const kept = mkdtempSync(join(tmpdir(), 'lk-kept-'))
      spawnSync('cp', ['-a', `${folder}/.`, kept])
      const mounted = spawnSync('mount', [
        '-t',
        'tmpfs',
        '-o',
        'size=24m',
        'tmpfs',
        folder,
      ])
      if (mounted.status !== 0) {
        return { pass: false, measured: { skipped: 'tmpfs cannot be mounted here' } }
      }
      try {
        spawnSync('cp', ['-a', `${kept}/.`, folder])
        await system.up()
        await until(
          'the phones are known again',
          async () => {
            const lines = (await system.get('/api/v1/lines')).body as {
              registered: boolean
            }[]
            return (
              lines.filter(({ registered }) => registered).length >= estate.limits.size
            )
          },
          { limitSeconds: 80 },
        )
        let refused = 0
        let accepted = 0
        const load = setting.sized(
          { rate: 4, seconds: 5, talkMs: 1_500 },
          { rate: 10, seconds: 15, talkMs: 2_000 },
          { rate: 15, seconds: 1_800, talkMs: 8_000 },
        )
        const verdict = await estate.underLoad(load, async (calls) => {
          fill(folder)
          while (!calls.ended) {
            const status = await changeOf(system, [...estate.limits.keys()][0] ?? '')
            if (status === 503) refused += 1
            else accepted += 1
            await new Promise((resolve) => setTimeout(resolve, 300))
          }
        })
        rmSync(join(folder, 'filling'))
        const begun = Date.now()
        await until(
          'a change is possible again',
          async () => {
            return (await changeOf(system, [...estate.limits.keys()][0] ?? '')) === 200
          },
          { limitSeconds: 20 },
        )
        const recoveredMs = Date.now() - begun
        await estate.settled(15)
        return {
          pass: zeros(verdict) && refused > 0,
          measured: { changesRefused: refused, accepted, recoveredMs, ...verdict },
        }
      } finally {
        await system.down()
        spawnSync('umount', ['-l', folder])
        rmSync(kept, { recursive: true, force: true })
      }
    }),
}

function fill(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const { bavail, bsize } = statfsSync(folder)
  spawnSync('dd', [
    ...[
      'if=/dev/zero',
      `of=${join(folder, 'filling')}`,
      `bs=${bsize}`,
      `count=${bavail + 10}`,
    ],
  ])
}

async function changeOf(
  system: { readonly network: { readonly system: string }; token(): string },
  line: string,
): Promise<number> {
  const response = await fetch(
    `http://${system.network.system}:8080/api/v1/lines/${line}/settings`,
    {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${system.token()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ hideNumber: Math.random() < 0.5 }),
    },
  )
  await response.arrayBuffer()
  return response.status
}

export const diskFaults = [writes, diskFull]
