import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tone } from './tone.js'
import { wavOf } from './wav.js'

export type PhoneOptions = {
  /** User and authentication user: the line's number in canonical form. */
  number: string
  password: string
  /** The system's SIP address, `127.0.n.1` or `127.0.n.1:5060`. */
  server: string
  /** The phone's own address, from `network.peer(i)`. */
  address: string
  /** The display name it sends. */
  name?: string
  transport?: 'udp' | 'tcp'
  /** What its microphone picks up; without it, silence. Below 4000 Hz. */
  toneHz?: number
  /** `false`: it calls without registering. */
  registers?: boolean
  /** Seconds between registrations, 60 unless said. */
  registerSeconds?: number
  /** Obeys the headers that ask it to answer by itself (intercom). */
  obeysAutoAnswer?: boolean
  /** Answers every call at once, like a machine. */
  answersAll?: boolean
  /** `false`: answering one call leaves the others in conversation, like a conference. */
  holdsOthers?: boolean
}

export const controlPort = 4444
/** Long enough for any test; the file of a phone, then, has 5 MB. */
const microphoneSeconds = 300

/** Writes all that baresip reads into its folder. */
export function writeBaresipFolder(
  dir: string,
  modules: string,
  options: PhoneOptions,
): void {
  writeFileSync(join(dir, 'config'), config(dir, modules, options))
  writeFileSync(join(dir, 'accounts'), `${account(options)}\n`)
  const level = options.toneHz === undefined ? 0 : 0.3
  const microphone = tone(options.toneHz ?? 440, microphoneSeconds, level)
  writeFileSync(join(dir, 'microphone.wav'), wavOf(microphone))
}

/**
 * `net_interface` takes an address too, which is the way to use the loopback device: by
 * its name it is refused. The player is a bridge to nowhere, because the file player
 * crashes baresip 1.1.0 when a call is held. Its own tone before it answers by itself is
 * off: without the tone's file it would never answer.
 */
function config(dir: string, modules: string, options: PhoneOptions): string {
  const { address, holdsOthers = true } = options
  return `net_interface ${address}
sip_listen ${address}:5060
ctrl_tcp_listen ${address}:${controlPort}
rtp_ports 20000-29999
module_path ${modules}
audio_path ${dir}
audio_source aufile,${join(dir, 'microphone.wav')}
audio_player aubridge,nowhere
audio_alert aubridge,alert
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
call_max_calls 20
call_hold_other_calls ${holdsOthers ? 'yes' : 'no'}
sip_autoanswer_beep no
module g711.so
module aufile.so
module aubridge.so
module_tmp account.so
module_app ctrl_tcp.so
module_app menu.so
`
}

function account(options: PhoneOptions): string {
  const { number, password, server, transport = 'udp' } = options
  const { name = number, registers = true, registerSeconds = 60 } = options
  return [
    `"${name}" <sip:${number}@${server};transport=${transport}>`,
    `auth_user=${number}`,
    `auth_pass="${password}"`,
    `regint=${registers ? registerSeconds : 0}`,
    `answermode=${options.answersAll ? 'auto' : 'manual'}`,
    `sip_autoanswer=${options.obeysAutoAnswer ? 'yes' : 'no'}`,
    'audio_codecs=PCMA/8000/1,PCMU/8000/1',
  ].join(';')
}
