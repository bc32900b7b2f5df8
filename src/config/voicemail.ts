import type { Site } from '../model/site.js'
import { sortedLines } from './pjsip.js'

/**
 * One box per line that has voicemail; the PIN is the first one only. Asterisk mails
 * nothing: its way to a mail server is a shell (T27), ours is src/mail.
 */
export function voicemailView(site: Site) {
  const boxes = sortedLines(site).flatMap(({ number, name, language, voicemail }) => {
    if (!voicemail) return []
    return [{ number, name, language, pin: voicemail.pin }]
  })
  return { timeZone: site.site.timeZone, boxes }
}
