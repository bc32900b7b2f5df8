import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settingsView } from '../../../src/http/live-view.js'
import { edgesOfLine, walkForwards } from '../../../src/model/forward-graph.js'
import { settings } from '../../../src/model/setting-keys.js'
import { SettingsPatch } from '../../../src/model/settings.js'
import type { Database } from '../../../src/store/database.js'
import { Subscribers } from '../../../src/store/subscribers.js'
import { exampleSite } from '../http/example-site.js'
import { storeInMemory } from '../http/new-accounts.js'

const site = exampleSite()
const numbers = site.lines.map(({ number }) => number)
const BY = { door: 'api', who: 'administrator' } as const

const to = fc.constantFrom(
  ...['0612345678', '+33123456789', 'voicemail', 'fax', '112', '0899123456', ''],
  ...numbers,
  ...site.aliases.map(({ number }) => number),
  ...numbers.map((voicemail) => ({ voicemail })),
)
const forward = fc.option(fc.record({ to, active: fc.boolean() }, { requiredKeys: [] }))
const after = fc.constantFrom(4, 5, 20, 60, 61)
const flag = fc.option(fc.boolean())
/** Anything a client might send that has the shape of a change. */
const patch = fc.record(
  {
    forwarding: fc.record(
      {
        unconditional: forward,
        noAnswer: fc.option(
          fc.record({ to, after, active: fc.boolean() }, { requiredKeys: [] }),
        ),
        busy: forward,
        unreachable: forward,
      },
      { requiredKeys: [] },
    ),
    ...{ doNotDisturb: flag, absent: flag, rejectAnonymous: flag, hideNumber: flag },
    intercom: flag,
    callWaiting: fc.option(
      fc.record(
        { beep: fc.constantFrom('server', 'phone', 'off') },
        { requiredKeys: [] },
      ),
    ),
    lock: fc.option(
      fc.record(
        { pin: fc.constantFrom('2580', '0000', '7391', '12'), active: fc.boolean() },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
)
const history = fc.array(fc.tuple(fc.constantFrom(...numbers), patch), { maxLength: 12 })

function opened(database: Database): Subscribers {
  return new Subscribers(site, database, () => 0)
}

function viewsOf({ directory }: Subscribers) {
  return numbers.map((number) => {
    const line = directory.lines.get(number)
    if (!line) throw new Error(`no line ${number}`)
    return settingsView(line)
  })
}

/** What is so of the subscribers after each of so many histories at random. */
function afterAnyHistory(
  numRuns: number,
  holds: (subscribers: Subscribers, database: Database) => void,
): void {
  fc.assert(
    fc.property(history, (changes) => {
      const database = storeInMemory()
      const subscribers = opened(database)
      for (const [number, wanted] of changes) {
        const read = SettingsPatch.safeParse(wanted)
        if (read.success) subscribers.change(number, read.data, BY)
      }
      holds(subscribers, database)
      database.close()
    }),
    { numRuns },
  )
}

describe('any history of changes', () => {
  it('is all there when the store is opened again, and refused ones leave no trace', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const database = storeInMemory()
        const subscribers = opened(database)
        for (const [number, wanted] of changes) {
          const read = SettingsPatch.safeParse(wanted)
          if (!read.success) continue
          const before = viewsOf(subscribers)
          const changed = subscribers.change(number, read.data, BY)
          const isSame = changed.kind === 'refused' || changed.keys.length === 0
          if (isSame) expect(viewsOf(subscribers)).toEqual(before)
        }
        expect(opened(database).directory.lines).toEqual(subscribers.directory.lines)
        database.close()
      }),
      { numRuns: 300 },
    )
  })

  it('never makes a circle of forwards, nor a chain of six', () => {
    afterAnyHistory(300, (subscribers) => {
      const { lines, aliases } = subscribers.directory
      const lineOf = (alias: string) => aliases.get(alias)?.redirect?.line
      const { loops, depths } = walkForwards(lines.keys(), (number) => {
        const line = lines.get(number)
        return line && edgesOfLine(line, [], lineOf)
      })
      expect(loops).toEqual([])
      expect(Math.max(...depths.values())).toBeLessThanOrEqual(5)
    })
  })

  it('can be read and sent back, which changes nothing', () => {
    afterAnyHistory(300, (subscribers) => {
      viewsOf(subscribers).forEach((view, at) => {
        const back = SettingsPatch.parse(view)
        const changed = subscribers.change(numbers[at] ?? '', back, BY)
        expect(changed).toMatchObject({ kind: 'changed', keys: [] })
      })
    })
  })

  it('gives back to the site file what it is told to', () => {
    afterAnyHistory(100, (subscribers, database) => {
      for (const number of numbers) subscribers.reset(number, BY)
      expect(subscribers.site).toEqual(site)
      expect(opened(database).site).toEqual(site)
      expect(subscribers.differences().size).toBe(0)
    })
  })
})

describe('what is no change of settings', () => {
  it('is refused whatever it is, and pollutes nothing', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: true, maxDepth: 3 }), (body) => {
        const known = Object.keys(body).every((key) => key in SettingsPatch.shape)
        if (!known) expect(SettingsPatch.safeParse(body).success).toBe(false)
      }),
    )
    for (const text of [
      '{"__proto__":{"doNotDisturb":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"forwarding":{"__proto__":{"busy":{"to":"0612345678"}}}}',
      '{"lock":{"__proto__":{"active":true}}}',
    ]) {
      expect(SettingsPatch.safeParse(JSON.parse(text)).success, text).toBe(false)
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  it('as a row of the store is left out: nothing but digits gets near a call', () => {
    const line = site.lines[0]
    if (!line) throw new Error('no line')
    fc.assert(
      fc.property(fc.constantFrom(...settings), fc.anything(), ({ restored }, value) => {
        const next = restored(line, value) ?? line
        for (const { to } of Object.values(next.forwarding)) {
          if (to.kind === 'number') expect(to.number).toMatch(/^\d{2,20}$/)
        }
      }),
      { numRuns: 500 },
    )
    const evil = { to: '0612345678,1,System(id)', active: true }
    const busy = settings.find(({ key }) => key === 'forwarding.busy')
    expect(busy?.restored(line, evil)).toBeUndefined()
  })
})
