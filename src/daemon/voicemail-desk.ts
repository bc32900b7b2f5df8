import type { Logger } from 'pino'
import { AmiError } from '../ami/ami-error.js'
import type { AmiLink } from '../ami/link.js'
import { moveMessage, removeMessage } from '../ami/voicemail.js'
import { liveChannels } from '../ari/live.js'
import type { Session } from '../ari/session.js'
import { AsteriskUnreachable } from '../http/controller.js'
import type { Voicemails } from '../http/voicemail.js'
import { parseNumber } from '../model/phone-number.js'
import type { Site } from '../model/site.js'
import type { Database } from '../store/database.js'
import { MailRoom } from '../voicemail/mail-room.js'
import { boxesOf, type Message, messagesOf, recordingOf } from '../voicemail/messages.js'

interface Parts {
  readonly dir: string
  readonly database: Database
  readonly log: Logger
  readonly link: AmiLink
  readonly session: Session
  readonly site: () => Site
}

/** The boxes of the lines for the API, and the mails about what comes into them. */
export class VoicemailDesk implements Voicemails {
  readonly #parts: Parts
  readonly #boxes: string
  readonly #mailRoom: MailRoom

  constructor(parts: Parts) {
    this.#parts = parts
    this.#boxes = boxesOf(parts.dir)
    const legs = () => this.#legs()
    this.#mailRoom = new MailRoom({ ...parts, legs })
  }

  start(): void {
    this.#mailRoom.start()
  }

  stop(): Promise<void> {
    return this.#mailRoom.stop()
  }

  hasBox(line: string): boolean {
    const found = this.#parts.site().lines.find(({ number }) => number === line)
    return found?.voicemail !== undefined
  }

  /** Carriers write numbers in their own way, and Asterisk keeps it. */
  async messages(line: string): Promise<readonly Message[]> {
    const { country } = this.#parts.site().site
    return (await messagesOf(this.#boxes, line)).map((message) => {
      const parsed =
        message.from === null ? undefined : parseNumber(message.from, country)
      return parsed?.kind === 'number' ? { ...message, from: parsed.number } : message
    })
  }

  recording(line: string, id: string): Promise<Buffer | undefined> {
    return recordingOf(this.#boxes, line, id).then((found) => found?.wav)
  }

  async remove(line: string, id: string): Promise<boolean> {
    const message = await this.#find(line, id)
    if (!message) return false
    return this.#tell(removeMessage(this.#ami(), { line, folder: message.folder, id }))
  }

  async setRead(line: string, id: string, read: boolean): Promise<boolean> {
    const message = await this.#find(line, id)
    if (!message) return false
    if (message.read === read) return true
    const place = { line, folder: message.folder, id }
    return this.#tell(moveMessage(this.#ami(), place, read ? 'Old' : 'INBOX'))
  }

  async #find(line: string, id: string): Promise<Message | undefined> {
    return (await messagesOf(this.#boxes, line)).find((message) => message.id === id)
  }

  #ami() {
    const { ami } = this.#parts.link
    if (ami) return ami
    throw new AsteriskUnreachable('Asterisk does not answer; the box stays as it is')
  }

  /** False when the message has gone since we looked: somebody was quicker. */
  async #tell(done: Promise<void>): Promise<boolean> {
    try {
      await done
      return true
    } catch (error) {
      if (!(error instanceof AmiError)) throw error
      if (error.kind === 'refused') return false
      throw new AsteriskUnreachable('Asterisk does not answer; the box stays as it is')
    }
  }

  async #legs(): Promise<ReadonlySet<string> | undefined> {
    const { ari } = this.#parts.session
    return ari && new Set((await liveChannels(ari)).map(({ id }) => id))
  }
}
