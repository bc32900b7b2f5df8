import { textOf } from './message.js'
import type { Requests } from './requests.js'

/** What Asterisk calls itself: `22.10.1+dfsg…`. Class `reporting` or `system`. */
export async function asteriskVersion(ami: Requests): Promise<string> {
  return textOf(await ami.send({ Action: 'CoreSettings' }), 'asteriskversion')
}
