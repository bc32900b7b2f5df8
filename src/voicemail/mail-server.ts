import { createTransport } from 'nodemailer'
import type { Mail as MailSettings } from '../model/mail.js'

export interface Outgoing {
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly attachment?: {
    readonly filename: string
    readonly type: string
    readonly content: Buffer
  }
}

const CONNECT_MS = 10_000
const SILENCE_MS = 30_000

/** The mail server says no to this mail, and would say so again. */
export class MailRefused extends Error {
  override name = 'MailRefused'
}

/**
 * Hands a mail to the server, by a connection of its own: they are few, and one that
 * was left open is often dead. Throws MailRefused for a recipient who is refused for
 * good (RFC 5321 §4.2.1), another error for what may pass.
 */
export async function sendMail(settings: MailSettings, mail: Outgoing): Promise<void> {
  const { host, port, from, user, password, tls } = settings
  const transport = createTransport({
    ...{ host, port, secure: tls === 'always' },
    ...{ requireTLS: tls === 'starttls', ignoreTLS: tls === 'none' },
    ...(user !== undefined && { auth: { user, pass: password?.reveal() ?? '' } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    // What is sent is what we read ourselves.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const { attachment, ...head } = mail
  try {
    await transport.sendMail({
      ...{ ...head, from, headers: { 'Auto-Submitted': 'auto-generated' } },
      ...(attachment && {
        attachments: [
          {
            filename: attachment.filename,
            contentType: attachment.type,
            content: attachment.content,
          },
        ],
      }),
    })
  } catch (error) {
    if (isRefusal(error)) throw new MailRefused(error.message, { cause: error })
    throw error
  } finally {
    transport.close()
  }
}

/** A 5xx to RCPT TO or to the content; wrong credentials are the operator's to correct. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || !('responseCode' in error) || !('code' in error)) {
    return false
  }
  const permanent = Number(error.responseCode) >= 500
  return permanent && (error.code === 'EENVELOPE' || error.code === 'EMESSAGE')
}
