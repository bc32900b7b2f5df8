import { type PushedObject, pushedText } from '../config/line-push.js'
import { dbDelTree, dbPut } from './database.js'
import { type Message, textOf } from './message.js'
import type { Requests } from './requests.js'

/** The family of AstDB that sorcery.conf puts before PJSIP's files. */
const FAMILY = 'lk_pjsip'

/** Puts objects before their versions in the files. Class `system`. */
export async function push(
  ami: Requests,
  objects: readonly PushedObject[],
): Promise<void> {
  for (const object of objects) {
    await dbPut(ami, `${FAMILY}/${object.type}`, object.id, pushedText(object))
  }
}

/** The files hold everything again. */
export function forgetPushed(ami: Requests): Promise<void> {
  return dbDelTree(ami, FAMILY)
}

/**
 * What PJSIP does not show as it was pushed. An object that it cannot read is passed
 * over for the one in the file, and the log says so: this is the proof of the others.
 */
export async function notTaken(
  ami: Requests,
  objects: readonly PushedObject[],
): Promise<readonly string[]> {
  const refusals: string[] = []
  for (const object of objects) {
    const shown = await shownAs(ami, object)
    const unlike = COMPARED[object.type].filter((option) => {
      return textOf(shown, option.replaceAll('_', '')) !== object.options.get(option)
    })
    if (unlike.length > 0) {
      const which = `${object.type} ${object.id}`
      refusals.push(`${which}: ${unlike.join(', ')} is not what was pushed`)
    }
  }
  return refusals
}

/** Options that AMI prints as they are written; others have another spelling there. */
const COMPARED: Readonly<Record<PushedObject['type'], readonly string[]>> = {
  auth: ['username', 'password'],
  endpoint: ['callerid', 'context', 'language', 'aors', 'auth'],
}

const DETAILS: Readonly<Record<PushedObject['type'], string>> = {
  auth: 'AuthDetail',
  endpoint: 'EndpointDetail',
}

async function shownAs(ami: Requests, { type, id }: PushedObject): Promise<Message> {
  const events = await ami.list({ Action: 'PJSIPShowEndpoint', Endpoint: id })
  return events.find((event) => textOf(event, 'event') === DETAILS[type]) ?? {}
}
