import { readFileSync } from 'node:fs'

/** Clock ticks per second in /proc: 100 on every Linux we know. */
const TICK_MS = 10

/** What the machine and some of its processes have used so far, in milliseconds. */
export interface Usage {
  readonly all: number
  readonly idle: number
  readonly of: ReadonlyMap<number, number>
}

export function usage(pids: readonly number[]): Usage {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  // user nice system idle iowait irq softirq steal; what follows is in user already.
  const spent = line.trim().split(/\s+/).slice(1, 9).map(Number)
  const all = spent.reduce((sum, ticks) => sum + ticks, 0)
  const idle = (spent[3] ?? 0) + (spent[4] ?? 0)
  const of = new Map(pids.map((pid) => [pid, processMs(pid)]))
  return { all: all * TICK_MS, idle: idle * TICK_MS, of }
}

/** What happened between two looks. */
export interface Spent {
  /** Share of the machine that was busy, 0 to 1. */
  readonly busy: number
  /** Share that went to programs which are not ours, or was taken by the host. */
  readonly others: number
  /** Milliseconds of each process. */
  readonly of: ReadonlyMap<number, number>
}

export function spentBetween(before: Usage, after: Usage): Spent {
  const all = after.all - before.all || 1
  const used = all - (after.idle - before.idle)
  const of = new Map(
    [...after.of].map(([pid, ms]) => [pid, ms - (before.of.get(pid) ?? 0)] as const),
  )
  const ours = [...of.values()].reduce((sum, ms) => sum + ms, 0)
  return { busy: used / all, others: Math.max(0, used - ours) / all, of }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
}

/** A process that has ended has used what it used; it counts no more. */
function processMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 0
    throw error
  }
}
