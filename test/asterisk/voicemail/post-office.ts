import { SMTPServer } from 'smtp-server'

/** A mail as it arrived. */
export interface Received {
  readonly to: string
  readonly from: string
  /** Head and body, as sent. */
  readonly text: string
}

/** A mail server that keeps what it gets; it wants the user and the password below. */
export class PostOffice {
  readonly mails: Received[] = []
  readonly user = 'linekeeper'
  readonly password = 'canary-Hx5vQ2'
  readonly #address: { readonly host: string; readonly port: number }
  #server: SMTPServer | undefined

  constructor(host: string, port = 2525) {
    this.#address = { host, port }
  }

  /** The section of the site file. */
  get section(): string {
    const { host, port } = this.#address
    return `mail: { host: ${host}, port: ${port}, tls: none, from: pbx@example.org, user: ${this.user}, password: ${this.password} }`
  }

  async open(): Promise<void> {
    const server = new SMTPServer({
      ...{ allowInsecureAuth: true, disableReverseLookup: true, logger: false },
      onAuth: ({ username, password }, _session, done) => {
        const known = username === this.user && password === this.password
        done(known ? null : new Error('who is that?'), { user: username })
      },
      onData: (stream, session, done) => {
        let text = ''
        stream.on('data', (bytes: Buffer) => {
          text += bytes.toString('latin1')
        })
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope
          const from = mailFrom === false ? '' : mailFrom.address
          for (const { address: to } of rcptTo) this.mails.push({ to, from, text })
          done()
        })
      },
    })
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject)
      server.listen(this.#address.port, this.#address.host, resolve)
    })
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server) await new Promise<void>((resolve) => server.close(resolve))
  }
}

/** The attachment of a mail; undefined when it has none. */
export function attachmentOf({ text }: Received): Buffer | undefined {
  const part = text
    .split(/\r?\n--/)
    .find((each) => /^Content-Disposition: attachment/im.test(each))
  if (!part) return undefined
  const [, base64 = ''] = part.split(/\r?\n\r?\n/)
  return Buffer.from(base64, 'base64')
}

export function headerOf({ text }: Received, name: string): string | undefined {
  const head = text.split(/\r?\n\r?\n/)[0] ?? ''
  return new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim()
}
