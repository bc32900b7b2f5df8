import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Voicemails } from '../../../src/http/voicemail.js'
import {
  boxesOf,
  type Message,
  messagesOf,
  recordingOf,
} from '../../../src/voicemail/messages.js'

/** Boxes in a folder, laid out as Asterisk does; made only when a test leaves a message. */
export class Boxes implements Voicemails {
  readonly removed: string[] = []
  readonly read: string[] = []
  #dir: string | undefined
  #count = 0

  /** The id of a message that somebody has left. */
  leave(line: string, folder: string, sheet: Record<string, string> = {}): string {
    const at = 1_760_000_000 + this.#count
    const name = `msg${String(this.#count).padStart(4, '0')}`
    this.#count += 1
    const id = `${at}-0000000${this.#count}`
    const place = join(this.boxes, line, folder)
    mkdirSync(place, { recursive: true })
    const entries = {
      ...{ callerid: '"Bob" <0033612345678>', origtime: String(at) },
      ...{ msg_id: id, duration: '3' },
      ...sheet,
    }
    const lines = Object.entries(entries).map(([key, value]) => `${key}=${value}`)
    writeFileSync(join(place, `${name}.txt`), `[message]\n${lines.join('\n')}\n`)
    writeFileSync(join(place, `${name}.wav`), `RIFF of ${id}`)
    return id
  }

  get boxes(): string {
    return boxesOf(this.dir)
  }

  /** The state folder around them. */
  get dir(): string {
    this.#dir ??= mkdtempSync(join(tmpdir(), 'lk-boxes-'))
    return this.#dir
  }

  close(): void {
    if (this.#dir !== undefined) rmSync(this.#dir, { recursive: true })
  }

  hasBox(line: string): boolean {
    return line.endsWith('1')
  }

  messages(line: string): Promise<readonly Message[]> {
    return messagesOf(this.boxes, line)
  }

  async recording(line: string, id: string): Promise<Buffer | undefined> {
    return (await recordingOf(this.boxes, line, id))?.wav
  }

  async remove(line: string, id: string): Promise<boolean> {
    if (!(await this.messages(line)).some((message) => message.id === id)) return false
    this.removed.push(id)
    return true
  }

  async setRead(line: string, id: string, read: boolean): Promise<boolean> {
    if (!(await this.messages(line)).some((message) => message.id === id)) return false
    this.read.push(`${id} ${read}`)
    return true
  }
}
