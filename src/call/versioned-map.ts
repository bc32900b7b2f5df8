/** Versions that share one map; then it is copied, so that a kept one keeps no more of them. */
const MOST_SHARED = 1_000

/**
 * A map that is never changed: `with` and `without` make the next version and leave this
 * one as it was. Each event changes a handful of records of thousands, so nothing may be
 * copied for it.
 *
 * The newest version has the real map; each older one knows what its successor changed,
 * and reads through it (H. Baker, *Shallow binding makes functional arrays fast*, 1991).
 * To go on from an older version is right as well, only slower: it gets a copy, in which
 * the order of the entries may be another one.
 */
export class VersionedMap<Key, Value extends object | number | boolean>
  implements ReadonlyMap<Key, Value>
{
  /** Undefined once there is a newer version. */
  #entries: Map<Key, Value> | undefined
  #newer: VersionedMap<Key, Value> | undefined
  /** The key that the newer version has changed, and what was there. */
  #changed: Key | undefined
  #had: Value | undefined
  readonly #shared: number

  private constructor(entries: Map<Key, Value>, shared: number) {
    this.#entries = entries
    this.#shared = shared
  }

  static of<Key, Value extends object | number | boolean>(
    entries: Iterable<readonly [Key, Value]> = [],
  ): VersionedMap<Key, Value> {
    return new VersionedMap(new Map(entries), 0)
  }

  get size(): number {
    return (this.#entries ?? this.#copied()).size
  }

  get(key: Key): Value | undefined {
    let version: VersionedMap<Key, Value> = this
    while (version.#newer) {
      if (version.#changed === key) return version.#had
      version = version.#newer
    }
    return version.#entries?.get(key)
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined
  }

  with(key: Key, value: Value): VersionedMap<Key, Value> {
    return this.#next(key, value)
  }

  without(key: Key): VersionedMap<Key, Value> {
    return this.#next(key, undefined)
  }

  /** The keys whose value is another one than in `before`, or in one of the two only. */
  changedSince(before: VersionedMap<Key, Value>): Key[] {
    const keys = new Set<Key>()
    let version = before
    while (version !== this && version.#newer) {
      if (version.#changed !== undefined) keys.add(version.#changed)
      version = version.#newer
    }
    // Not made from each other, or too long ago.
    if (version !== this)
      for (const key of [...before.keys(), ...this.keys()]) keys.add(key)
    return [...keys].filter((key) => before.get(key) !== this.get(key))
  }

  keys(): MapIterator<Key> {
    return this.#copied().keys()
  }

  values(): MapIterator<Value> {
    return this.#copied().values()
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#copied().entries()
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries()
  }

  forEach(each: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this) each(value, key, this)
  }

  #next(key: Key, value: Value | undefined): VersionedMap<Key, Value> {
    const had = this.get(key)
    if (had === value) return this
    const handsOver = this.#shared < MOST_SHARED && this.#entries?.size !== 0
    const own = handsOver ? this.#entries : undefined
    const entries = own ?? this.#copied()
    if (value === undefined) entries.delete(key)
    else entries.set(key, value)
    const next = new VersionedMap(entries, own ? this.#shared + 1 : 0)
    if (own) {
      this.#entries = undefined
      this.#newer = next
      this.#changed = key
      this.#had = had
    }
    return next
  }

  #copied(): Map<Key, Value> {
    const older: VersionedMap<Key, Value>[] = []
    let version: VersionedMap<Key, Value> = this
    while (version.#newer) {
      older.push(version)
      version = version.#newer
    }
    const copy = new Map(version.#entries)
    for (const each of older.reverse()) {
      const key = each.#changed
      if (key === undefined) continue
      if (each.#had === undefined) copy.delete(key)
      else copy.set(key, each.#had)
    }
    return copy
  }
}
