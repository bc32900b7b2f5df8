import { subscriberNumber } from '../model/complete.js'
import { type Finding, finding } from '../model/finding.js'
import type { Line } from '../model/line.js'
import type { SettingsChange } from '../model/settings.js'
import { mayOpen } from '../model/voicemail-access.js'
import {
  withDefaultVoicemail,
  withRemotePassword,
  withVoicemail,
} from '../model/voicemail-settings.js'
import type { Directory } from './directory.js'

interface Step {
  readonly line: Line
  readonly findings: readonly Finding[]
}

/** What a change says of the voicemail of a line, and of the box that `123` opens. */
export function changeVoicemail(
  line: Line,
  change: SettingsChange,
  directory: Directory,
): Step {
  const opened = changeDefault(line, change, directory)
  const { voicemail } = change
  if (!voicemail) return opened
  if (!line.voicemail) {
    const message = `line ${line.number} has no voicemail`
    const missing = finding('ref.missing', ['voicemail'], message)
    return { line: opened.line, findings: [...opened.findings, missing] }
  }
  const { mail, remotePassword } = voicemail
  const mailed =
    mail === undefined
      ? opened.line
      : withVoicemail(opened.line, { mail: mail === null ? [] : mail })
  return {
    line:
      remotePassword === undefined ? mailed : withRemotePassword(mailed, remotePassword),
    findings: opened.findings,
  }
}

function changeDefault(
  line: Line,
  { defaultVoicemail }: SettingsChange,
  { country, lines }: Directory,
): Step {
  if (defaultVoicemail === undefined) return { line, findings: [] }
  if (defaultVoicemail === null) {
    return { line: withDefaultVoicemail(line, null), findings: [] }
  }
  const path = ['defaultVoicemail']
  const read = subscriberNumber(defaultVoicemail, path, country)
  if (!('number' in read)) return { line, findings: [read] }
  if (mayOpen(line, lines.get(read.number))) {
    return { line: withDefaultVoicemail(line, read.number), findings: [] }
  }
  const message = `line ${line.number} may not open the voicemail of ${read.number}`
  return { line, findings: [finding('voicemail.foreign', path, message)] }
}
