import { textOf } from './message.js'
import type { Requests } from './requests.js'

/**
 * The value of a global variable, of a channel's variable or of a function such as
 * `DIALPLAN_EXISTS(context,extension,priority)`. Empty when there is none. Class
 * `call` or `reporting`.
 */
export async function getVar(
  ami: Requests,
  name: string,
  channel?: string,
): Promise<string> {
  const fields = { Action: 'Getvar', Variable: name }
  const answer = await ami.send(channel ? { ...fields, Channel: channel } : fields)
  return textOf(answer, 'value')
}

/**
 * Sets a variable of a channel, which must not be in Stasis to be reached by ARI
 * but may be anywhere for AMI (asterisk-facts §7). Class `call`.
 */
export async function setVar(
  ami: Requests,
  channel: string,
  name: string,
  value: string,
): Promise<void> {
  await ami.send({ Action: 'Setvar', Channel: channel, Variable: name, Value: value })
}
