import type { Site } from '../model/site.js'
import { sortedLines } from './pjsip.js'

/** One box per line that has voicemail; the PIN is the first one only. */
export function voicemailView(site: Site) {
  const boxes = sortedLines(site).flatMap(({ number, name, voicemail }) => {
    if (!voicemail) return []
    const { pin, email } = voicemail
    return [{ number, name, pin, mailed: email !== undefined, email }]
  })
  return { timeZone: site.site.timeZone, boxes }
}
