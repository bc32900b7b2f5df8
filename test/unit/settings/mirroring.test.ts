import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ami } from '../../../src/ami/ami.js'
import { AmiError } from '../../../src/ami/ami-error.js'
import { Mirroring } from '../../../src/ami/mirroring.js'
import type { Line } from '../../../src/model/line.js'
import { exampleSite } from '../http/example-site.js'

const ALICE = '0033972100001'
const BESIDE_LINES = /^lk_(?:alias|short|present|pace)$/

/** Asterisk's database as a map; every answer waits for `answer`, or is an error. */
class Recorded {
  readonly entries = new Map<string, string>()
  fails = false
  connected = true
  /** The lists that were asked for. */
  asked: string[] = []
  /** Called before each list of a family is given. */
  onTree: () => Promise<void> | void = () => undefined
  readonly database = {
    tree: async (family: string) => {
      this.asked.push(family)
      await this.onTree()
      const own = [...this.entries].filter(([path]) => path.startsWith(`${family}/`))
      return new Map(own.map(([path, value]) => [path.slice(family.length + 1), value]))
    },
    put: (family: string, key: string, value: string) =>
      this.#write(() => this.entries.set(`${family}/${key}`, value)),
    del: (family: string, key: string) =>
      this.#write(() => this.entries.delete(`${family}/${key}`)),
  }

  #write(write: () => unknown): Promise<void> {
    if (this.fails) return Promise.reject(new AmiError('timeout', 'no answer'))
    write()
    return Promise.resolve()
  }

  get ami(): Ami {
    const unused = () => Promise.reject(new Error('nothing else is asked'))
    return Object.assign(this, {
      ...{ send: unused, list: unused, close: () => undefined },
      onChange: () => undefined,
    })
  }
}

describe('the mirror of the settings', () => {
  const site = exampleSite()
  let lines: Map<string, Line>
  let recorded: Recorded
  let mirroring: Mirroring

  beforeEach(() => {
    lines = new Map(site.lines.map((line) => [line.number, line]))
    recorded = new Recorded()
    mirroring = new Mirroring(
      {
        site: () => ({ ...site, lines: [...lines.values()] }),
        line: (number) => lines.get(number),
      },
      pino({ level: 'silent' }),
    )
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function change(wanted: Partial<Line>): void {
    const line = lines.get(ALICE)
    if (line) lines.set(ALICE, { ...line, ...wanted })
  }

  it('writes one line, and takes away what it has no longer', async () => {
    change({ doNotDisturb: true })
    expect(await mirroring.line(recorded.ami, ALICE)).toBe(true)
    expect(recorded.entries.get(`lk_dnd/${ALICE}`)).toBe('1')
    expect(recorded.entries.has('lk_line/0033972100002')).toBe(false)
    change({ doNotDisturb: false, forwarding: {} })
    await mirroring.line(recorded.ami, ALICE)
    expect(recorded.entries.has(`lk_dnd/${ALICE}`)).toBe(false)
    expect(recorded.entries.has(`lk_cfb/${ALICE}`)).toBe(false)
  })

  it('has the last of two changes, though both were under way', async () => {
    change({ absent: true })
    const first = mirroring.line(recorded.ami, ALICE)
    change({ absent: false })
    await Promise.all([first, mirroring.line(recorded.ami, ALICE)])
    expect(recorded.entries.has(`lk_absent/${ALICE}`)).toBe(false)
  })

  it('has a change that came while everything was written', async () => {
    let changed: Promise<boolean> | undefined
    recorded.onTree = async () => {
      if (changed !== undefined) return
      change({ doNotDisturb: true })
      changed = mirroring.line(recorded.ami, ALICE)
      await changed
    }
    await mirroring.all(recorded.ami)
    expect(recorded.entries.get(`lk_dnd/${ALICE}`)).toBe('1')
  })

  describe('after another site', () => {
    beforeEach(async () => {
      await mirroring.all(recorded.ami)
      recorded.asked = []
    })

    it('writes the lines that are others, and asks for no other', async () => {
      change({ doNotDisturb: true })
      expect(await mirroring.changes(recorded.ami)).toBe(true)
      expect(recorded.entries.get(`lk_dnd/${ALICE}`)).toBe('1')
      const ofLines = recorded.asked.filter((family) => !BESIDE_LINES.test(family))
      expect(ofLines).toEqual([`lk_in_list/${ALICE}`, `lk_out_list/${ALICE}`])
    })

    it('holds what it would hold written as a whole', async () => {
      change({
        absent: true,
        filters: { incoming: { mode: 'black', entries: ['0033'] } },
      })
      await mirroring.changes(recorded.ami)
      const changed = new Map(recorded.entries)
      await mirroring.all(recorded.ami)
      expect(recorded.entries).toEqual(changed)
    })

    it('takes away a line that is gone, and writes one that is new', async () => {
      const alice = lines.get(ALICE)
      if (!alice) throw new Error('the example has lost its line')
      lines.delete(ALICE)
      await mirroring.changes(recorded.ami)
      const left = [...recorded.entries.keys()].filter((path) => path.includes(ALICE))
      // The alias that it shows is another's.
      expect(left).toEqual([`lk_present/${ALICE}`])
      lines.set(ALICE, alice)
      await mirroring.changes(recorded.ami)
      expect(recorded.entries.has(`lk_line/${ALICE}`)).toBe(true)
    })

    it('writes everything after a failure', async () => {
      recorded.fails = true
      change({ doNotDisturb: true })
      expect(await mirroring.changes(recorded.ami)).toBe(false)
      recorded.fails = false
      recorded.entries.clear()
      expect(await mirroring.changes(recorded.ami)).toBe(true)
      expect(recorded.entries.get('lk_line/0033972100002')).toBeDefined()
    })
  })

  it('says that it is not written, and tries again', async () => {
    vi.useFakeTimers()
    change({ doNotDisturb: true })
    recorded.fails = true
    expect(await mirroring.line(recorded.ami, ALICE)).toBe(false)
    recorded.fails = false
    await vi.advanceTimersByTimeAsync(6_000)
    expect(recorded.entries.get(`lk_dnd/${ALICE}`)).toBe('1')
  })

  it('leaves a lost connection to the next one', async () => {
    vi.useFakeTimers()
    recorded.fails = true
    await mirroring.all(recorded.ami)
    recorded.fails = false
    recorded.connected = false
    await vi.advanceTimersByTimeAsync(6_000)
    expect(recorded.entries.size).toBe(0)
  })
})
