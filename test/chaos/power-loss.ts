import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../rig/until.js'
import type { Random } from '../simulation/random.js'
import {
  applying,
  copy,
  faultOf,
  PROGRAM,
  type Prepared,
  prepareApply,
} from './applies.js'
import type { Experiment } from './experiment.js'
import { confirmedIn, interrupted, readApart, storeWriter } from './interrupted.js'

/**
 * A disk whose power fails: ext4 in a file, and `EXT4_IOC_SHUTDOWN` without a flush of its
 * journal, after which nothing that was not synced is there (reliability §4.3).
 */
class Disk {
  readonly place: string
  readonly #image: string

  constructor(dir: string) {
    this.place = join(dir, 'disk')
    this.#image = join(dir, 'disk.img')
    mkdirSync(this.place)
    run('truncate', '-s', '64M', this.#image)
    run('mkfs.ext4', '-q', this.#image)
    this.#mount()
  }

  async losePower(): Promise<void> {
    const program = `open(my $f, '<', $ARGV[0]) or die; my $flag = pack('I', 2);
ioctl($f, 0x8004587d, $flag) or die "ioctl: $!"`
    run('perl', '-e', program, this.place)
    // What was killed may not have let go of its files yet.
    await until(
      'nobody works there',
      () => spawnSync('umount', [this.place]).status === 0,
    )
    this.#mount()
  }

  empty(): void {
    for (const name of readdirSync(this.place)) {
      rmSync(join(this.place, name), { recursive: true })
    }
  }

  close(): void {
    spawnSync('umount', ['-l', this.place])
  }

  #mount(): void {
    run('mount', '-o', 'loop', this.#image, this.place)
  }
}

function run(program: string, ...argv: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, argv)
  if (status === 0) return
  throw new Error(`${program} ${argv.join(' ')}: ${error?.message ?? stderr.toString()}`)
}

/** What one failure of the power came to. */
interface Point {
  readonly confirmed: number
  readonly fault?: string | undefined
}

const WRITES = ['pwrite64', 'fdatasync', 'fsync'] as const

/** The power fails as a store makes its Nth write or sync. */
async function ofStore(disk: Disk, random: Random, dir: string): Promise<Point> {
  const file = join(disk.place, 'store.db')
  const call = random.pick(WRITES)
  const nth = random.between(1, call === 'pwrite64' ? 60 : 14)
  const argv = [storeWriter(dir), file, '10']
  const at = { call, error: 'signal=KILL', nth } as const
  const { printed } = await interrupted(at, argv, join(dir, 'trace'))
  await disk.losePower()
  const said = confirmedIn(printed)
  const kept = readApart(file)
  if (!kept) return { confirmed: said.length, fault: `${call} ${nth}: does not open` }
  const missing = said.filter((number) => !kept.has(number))
  const fault = missing.length > 0 ? `${call} ${nth}: ${missing.join(' ')}` : undefined
  return { confirmed: said.length, fault }
}

const STEPS = [
  ...(['link', 'symlink', 'unlink', 'mkdir', 'rename', 'rename'] as const),
  ...(['fsync', 'fsync', 'fsync'] as const),
] as const

/** The power fails as an apply makes its Nth call of a kind. */
async function ofApply(
  disk: Disk,
  random: Random,
  dir: string,
  prepared: Prepared,
): Promise<Point> {
  const place = join(disk.place, 'state')
  copy(prepared.before, place)
  run('sync', '-f', disk.place)
  const call = random.pick(STEPS)
  const most = { fsync: 42, rename: 6, mkdir: 4, unlink: 2 }
  const nth = random.between(1, call in most ? most[call as keyof typeof most] : 1)
  const argv = [PROGRAM, ...applying(prepared.next, place)]
  const at = { call, error: 'signal=KILL', nth } as const
  const { made } = await interrupted(at, argv, join(dir, 'trace'))
  await disk.losePower()
  const fault = await faultOf(place, prepared)
  return { confirmed: made ? 0 : 1, fault: fault && `${call} ${nth}: ${fault}` }
}

export const powerLoss: Experiment = {
  name: 'power-loss',
  goals: 'R07 F15',
  fault:
    'the power fails as a store or an apply makes one of its writes: loop ext4, shut down',
  target: 'what was confirmed is there; one whole generation, old or new',
  quick: false,
  run: async ({ sized, random, tell }) => {
    const dir = mkdtempSync(join(tmpdir(), 'lk-power-'))
    let [points, confirmed] = [0, 0]
    const faults: string[] = []
    const disk = new Disk(dir)
    try {
      const prepared = await prepareApply(dir)
      for (const wanted = sized(6, 24, 200); points < wanted; points++) {
        const lost =
          points % 8 === 0
            ? await ofApply(disk, random, dir, prepared)
            : await ofStore(disk, random, dir)
        confirmed += lost.confirmed
        if (lost.fault) faults.push(lost.fault)
        disk.empty()
        tell(`${points} points`)
      }
    } finally {
      disk.close()
      spawnSync('rm', ['-rf', dir])
    }
    const missing = faults.length
    const measured = { points, confirmed, missing }
    return {
      pass: missing === 0,
      measured: { ...measured, ...(missing > 0 && { faults: faults.join('; ') }) },
    }
  },
}
