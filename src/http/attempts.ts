const WINDOW_MS = 15 * 60_000
/** A flood of invented names must not fill the memory. */
const MAX_KEYS = 10_000

/** Counts tries by whatever names the one who tries, over a quarter of an hour. */
export class Attempts {
  readonly #limit: number
  readonly #tries = new Map<string, number[]>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Seconds until the next try is heard; 0: now. */
  waitSeconds(key: string, nowMs: number): number {
    const recent = this.#recent(key, nowMs)
    const [oldest] = recent.slice(-this.#limit)
    if (recent.length < this.#limit || oldest === undefined) return 0
    return Math.ceil((oldest + WINDOW_MS - nowMs) / 1000)
  }

  /**
   * Counts a try before its result is known: a thousand at once are a thousand.
   * True when it is the one that reaches the limit.
   */
  begin(key: string, nowMs: number): boolean {
    const recent = [...this.#recent(key, nowMs), nowMs]
    this.#tries.delete(key)
    this.#tries.set(key, recent)
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= MAX_KEYS) break
      this.#tries.delete(oldest)
    }
    return recent.length === this.#limit
  }

  /** It was right: the tries before it were slips of the finger. */
  succeeded(key: string): void {
    this.#tries.delete(key)
  }

  #recent(key: string, nowMs: number): number[] {
    return (this.#tries.get(key) ?? []).filter((at) => at > nowMs - WINDOW_MS)
  }
}
