import { setImmediate as otherWork } from 'node:timers/promises'
import { Mutex } from 'async-mutex'
import type { Logger } from 'pino'
import { codeOf } from '../config/durable-file.js'
import type { Greetings, Kept } from '../http/greetings.js'
import { attempt, type Database } from '../store/database.js'
import { type By, noteChange } from '../store/journal.js'
import { StoreUnavailable } from '../store/store-error.js'
import { type Greeting, type GreetingKind, readGreeting } from '../voicemail/greeting.js'
import {
  greetingOf,
  greetingsOf,
  removeGreeting,
  writeGreeting,
} from '../voicemail/greeting-files.js'
import { boxesOf } from '../voicemail/messages.js'
import { telephoneSound } from '../voicemail/telephone-sound.js'
import { telephoneWav, type Wav } from '../voicemail/wav.js'

interface Parts {
  /** The state folder. */
  readonly dir: string
  readonly database: Database
  readonly log: Logger
}

/**
 * The greetings of the lines, in the folders of their boxes: the dialplan looks there for
 * each caller, whether a controller runs or not, so they are in force at once.
 */
export class GreetingDesk implements Greetings {
  readonly #parts: Parts
  /** One at a time: its sound is all in memory. */
  readonly #turn = new Mutex()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get #boxes(): string {
    return boxesOf(this.#parts.dir)
  }

  list(line: string): Promise<readonly Greeting[]> {
    return greetingsOf(this.#boxes, line)
  }

  sound(line: string, kind: GreetingKind): Promise<Buffer | undefined> {
    return greetingOf(this.#boxes, line, kind)
  }

  async keep(line: string, kind: GreetingKind, sent: Buffer, by: By): Promise<Kept> {
    const read = readGreeting(sent)
    if (read.kind === 'refused') return read
    return await this.#turn.runExclusive(async () => {
      const wav = telephoneWav(await blocksOf(read.wav))
      const before = await this.#secondsOf(line, kind)
      const after = tenths(read.wav.frames / read.wav.rate)
      await this.#orUnavailable(
        writeGreeting(this.#boxes, { line, kind, wav }, () =>
          this.#note({ line, kind, by }, before, after),
        ),
      )
      const kept = (await this.list(line)).find((each) => each.kind === kind)
      // Somebody at the telephone deletes it in this moment: it was kept all the same.
      const greeting = kept ?? { kind, seconds: after, at: Date.now() }
      return { kind: 'kept', greeting }
    })
  }

  async remove(line: string, kind: GreetingKind, by: By): Promise<boolean> {
    return await this.#turn.runExclusive(async () => {
      const before = await this.#secondsOf(line, kind)
      return await this.#orUnavailable(
        removeGreeting(this.#boxes, { line, kind }, () =>
          this.#note({ line, kind, by }, before, null),
        ),
      )
    })
  }

  async #secondsOf(line: string, kind: GreetingKind): Promise<number | null> {
    const found = (await this.list(line)).find((each) => each.kind === kind)
    return found ? tenths(found.seconds) : null
  }

  /** Throws StoreUnavailable: what cannot be written down is not done. */
  #note(
    { line, kind, by }: { line: string; kind: GreetingKind; by: By },
    before: number | null,
    after: number | null,
  ): void {
    const key = `voicemail.greeting.${kind}`
    attempt('note a greeting', () =>
      noteChange(this.#parts.database, {
        ...{ at: Date.now(), line, key, before, after },
        ...by,
      }),
    )
    this.#parts.log.info({ line, kind, seconds: after, ...by }, 'voicemail: greeting')
  }

  /** A full disk, or a folder that is not ours: the old greeting is still there. */
  async #orUnavailable<T>(done: Promise<T>): Promise<T> {
    try {
      return await done
    } catch (error) {
      if (codeOf(error) === undefined || !(error instanceof Error)) throw error
      this.#parts.log.error({ err: error }, 'voicemail: a greeting was not changed')
      throw new StoreUnavailable(error.message, { cause: error })
    }
  }
}

/** Calls are decided between one block and the next. */
async function blocksOf(wav: Wav): Promise<Buffer[]> {
  const blocks: Buffer[] = []
  for (const block of telephoneSound(wav)) {
    blocks.push(block)
    await otherWork()
  }
  return blocks
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10
}
