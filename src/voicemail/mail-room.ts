import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Line } from '../model/line.js'
import type { Site } from '../model/site.js'
import type { Database } from '../store/database.js'
import {
  forgetItems,
  type Mail,
  nextMail,
  noteItem,
  postponeMail,
  seenItems,
  settleMail,
} from '../store/mails.js'
import { StoreUnavailable } from '../store/store-error.js'
import { type Arrived, letterOf, messageIdOf } from './letter.js'
import { MailRefused, sendMail } from './mail-server.js'
import { boxesOf, changedAt, messagesOf, newFolders, recordingOf } from './messages.js'

export interface MailRoomParts {
  /** The state folder. */
  readonly dir: string
  readonly database: Database
  readonly log: Logger
  /** The site with its effective lines. */
  readonly site: () => Site
  /** The channels that live; undefined while Asterisk cannot be asked. */
  readonly legs: () => Promise<ReadonlySet<string> | undefined>
}

const LOOK_MS = 1_000
/**
 * Boxes looked at each second: of a hundred lines each is seen within five, of ten thousand
 * within a minute.
 */
const FEWEST_BOXES = 20
const MOST_BOXES = 200
const BOXES_SEEN_WITHIN_S = 10
/** Who upgrades, or gives an address, is not told of what has lain there for long. */
const OLD_MS = 3 * 24 * 3_600_000
const FIRST_RETRY_MS = 30_000
const LAST_RETRY_MS = 3_600_000
/** Four days, as mail servers do (RFC 5321 §4.5.4.1). */
const MAX_TRIES = 100

/**
 * Tells people by mail what arrived for their line. It looks into the spool, so that
 * what came while no controller ran is found; whom to tell is written down when a
 * message is first seen, and struck off when a mail server has taken the mail. Nothing
 * here is waited for by a call.
 */
export class MailRoom {
  readonly #parts: MailRoomParts
  readonly #boxes: string
  /** When a box had changed last when it was read. */
  readonly #read = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #next = 0
  /** When the folder of faxes had changed last when all of them were known. */
  #faxesRead = -1
  /** No mail is due before; 0 when that is not known. */
  #dueAt = 0
  #work: Promise<void> | undefined
  #complained = false

  constructor(parts: MailRoomParts) {
    this.#parts = parts
    this.#boxes = boxesOf(parts.dir)
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#work ??= this.#round().finally(() => {
        this.#work = undefined
      })
    }, LOOK_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#work
  }

  async #round(): Promise<void> {
    try {
      await this.#lookIntoBoxes()
      await this.#lookForFaxes()
      await this.#sendDue()
      this.#complained = false
    } catch (error) {
      if (!(error instanceof Error)) throw error
      // The next round tries again; once is enough to say it.
      if (!this.#complained)
        this.#parts.log.error({ err: error }, 'mail: not all is told')
      this.#complained = true
    }
  }

  async #lookIntoBoxes(): Promise<void> {
    const lines = this.#parts.site().lines.filter(({ voicemail }) => voicemail)
    if (this.#next >= lines.length) this.#next = 0
    const share = Math.ceil(lines.length / BOXES_SEEN_WITHIN_S)
    const count = Math.min(Math.max(share, FEWEST_BOXES), MOST_BOXES)
    const now = lines.slice(this.#next, this.#next + count)
    this.#next += count
    for (const line of now) await this.#lookIntoBox(line)
  }

  async #lookIntoBox(line: Line): Promise<void> {
    const { number } = line
    const changed = await changedAt(this.#boxes, number)
    if (changed === (this.#read.get(number) ?? 0)) return
    const prefix = `voicemail/${number}/`
    const seen = seenItems(this.#parts.database, prefix)
    const messages = await messagesOf(this.#boxes, number)
    const there = new Set(messages.map(({ id }) => `${prefix}${id}`))
    for (const { id, folder, at } of messages) {
      const item = `${prefix}${id}`
      if (seen.has(item) || !newFolders.includes(folder)) continue
      this.#note(item, at < Date.now() - OLD_MS ? undefined : line)
    }
    const gone = [...seen].filter((item) => !there.has(item))
    forgetItems(this.#parts.database, gone)
    this.#read.set(number, changed)
  }

  async #lookForFaxes(): Promise<void> {
    const folder = join(this.#parts.dir, 'spool/fax')
    const changed = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
    if (changed === this.#faxesRead) return
    // A disk's clock may stand still between two changes: a fresh one is looked at again.
    const settled = changed < Date.now() - LOOK_MS
    if (await this.#readFaxes(folder)) this.#faxesRead = settled ? changed : -1
  }

  /** Whether all of them are known now: of one that is still received the end is not told. */
  async #readFaxes(folder: string): Promise<boolean> {
    const names = await readdir(folder).catch(() => [])
    const seen = seenItems(this.#parts.database, 'fax/')
    const found = names.filter((name) => /^\d+-[\w.-]+\.tif$/.test(name))
    const fresh = found.filter((name) => !seen.has(`fax/${name}`))
    forgetItems(
      this.#parts.database,
      [...seen].filter((item) => !found.includes(item.slice('fax/'.length))),
    )
    if (fresh.length === 0) return true
    const legs = await this.#parts.legs()
    if (!legs) return false
    let all = true
    for (const name of fresh) {
      const [number = '', ...leg] = name.replace(/\.tif$/, '').split('-')
      if (legs.has(leg.join('-'))) {
        all = false
        continue
      }
      const line = this.#parts.site().lines.find((each) => each.number === number)
      const { mtimeMs } = await stat(join(folder, name))
      this.#note(`fax/${name}`, mtimeMs < Date.now() - OLD_MS ? undefined : line)
    }
    return all
  }

  #note(item: string, line: Line | undefined): void {
    const { database, log, site } = this.#parts
    const recipients = line?.voicemail?.mail ?? []
    const told = site().mail ? recipients : []
    if (told.length < recipients.length) {
      log.warn({ line: line?.number }, 'mail: the site has no mail server')
    }
    noteItem(database, item, told, Date.now())
    this.#dueAt = 0
  }

  /** One after the other; behind one that failed the others wait for the next round. */
  async #sendDue(): Promise<void> {
    while (this.#dueAt <= Date.now() && this.#timer !== undefined) {
      const mail = nextMail(this.#parts.database)
      this.#dueAt = mail?.due ?? Number.POSITIVE_INFINITY
      if (!mail || mail.due > Date.now()) return
      if (!(await this.#send(mail))) return
    }
  }

  async #send(mail: Mail): Promise<boolean> {
    const { database, log, site } = this.#parts
    const { item, recipient } = mail
    const { mail: server } = site()
    const letter = server && (await this.#letterFor(mail, server.from))
    // Heard and deleted meanwhile: there is nothing to tell any more.
    if (!server || !letter) {
      settleMail(database, mail)
      return true
    }
    try {
      await sendMail(server, letter)
    } catch (error) {
      if (error instanceof StoreUnavailable || !(error instanceof Error)) throw error
      const last = error instanceof MailRefused || mail.tries >= MAX_TRIES
      log[last ? 'error' : 'warn']({ err: error, item, recipient }, 'mail: not sent')
      if (last) settleMail(database, mail)
      else postponeMail(database, mail, Date.now() + retryMs(mail.tries))
      return last
    }
    settleMail(database, mail)
    log.info({ item, recipient }, 'mail: sent')
    return true
  }

  async #letterFor({ item, recipient, attach }: Mail, sender: string) {
    const found = await this.#arrived(item)
    if (!found) return undefined
    const { arrived, content } = found
    const { lines, site } = this.#parts.site()
    const line = lines.find(({ number }) => number === arrived.line)
    const language = line?.language ?? site.language
    const { subject, text, filename } = letterOf(arrived, attach, {
      language,
      timeZone: site.timeZone,
    })
    const type = arrived.kind === 'fax' ? 'image/tiff' : 'audio/x-wav'
    const messageId = messageIdOf(item, recipient, sender)
    const attachment = { filename, type, content }
    return { messageId, to: recipient, subject, text, ...(attach && { attachment }) }
  }

  /** What an item is, wherever it has been moved to meanwhile; undefined when it is gone. */
  async #arrived(
    item: string,
  ): Promise<{ readonly arrived: Arrived; readonly content: Buffer } | undefined> {
    const [kind, first = '', id = ''] = item.split('/')
    if (kind === 'voicemail') {
      const found = await recordingOf(this.#boxes, first, id)
      if (!found) return undefined
      const { from, at, seconds } = found.message
      const arrived = { kind, line: first, from, at, seconds } as const
      return { arrived, content: found.wav }
    }
    const file = join(this.#parts.dir, 'spool/fax', first)
    const content = await readFile(file).catch(() => undefined)
    if (!content) return undefined
    const { mtimeMs } = await stat(file)
    const [line = ''] = first.split('-')
    return { arrived: { kind: 'fax', line, from: null, at: mtimeMs }, content }
  }
}

function retryMs(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 10), LAST_RETRY_MS)
}
