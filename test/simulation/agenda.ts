interface Entry {
  readonly at: number
  readonly order: number
  readonly happen: () => void
}

/** Simulated time: what happens when, in a binary heap; nothing waits for a clock. */
export class Agenda {
  readonly #heap: Entry[] = []
  #order = 0
  #now = 0

  /** Milliseconds since the beginning of this history. */
  get now(): number {
    return this.#now
  }

  /** What falls on the same instant happens in the order in which it was noted. */
  after(milliseconds: number, happen: () => void): void {
    this.#push({ at: this.#now + milliseconds, order: this.#order, happen })
    this.#order += 1
  }

  /** The next thing happens; false when nothing is left until then. */
  step(until = Number.POSITIVE_INFINITY): boolean {
    const [next] = this.#heap
    if (!next || next.at > until) return false
    this.#pop()
    this.#now = next.at
    next.happen()
    return true
  }

  runUntil(until: number): void {
    while (this.step(until));
    this.#now = Math.max(this.#now, until)
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (!parent || !isBefore(entry, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      const useRight = left && right && isBefore(right, left)
      const child = useRight ? right : left
      if (!child || !isBefore(child, last)) break
      heap[at] = child
      at = useRight ? 2 * at + 2 : 2 * at + 1
    }
    heap[at] = last
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
