import { type Greeting, greetingKinds } from '../http/greetings.js'
import type { Line } from '../model/line.js'
import type { PortalOptions } from './portal-options.js'
import type { Texts } from './texts.js'
import type { Visit } from './visit.js'

/** Each kind, with what callers hear of it. */
export async function greetingRows(
  line: Line,
  { greetings }: PortalOptions,
  { t, format }: Visit,
) {
  const there = (await greetings?.list(line.number)) ?? []
  return greetingKinds.map((kind) => {
    const own = there.find((each) => each.kind === kind)
    return { kind, label: labelOf(kind, t), length: own && format.duration(own.seconds) }
  })
}

function labelOf(kind: Greeting['kind'], t: Texts): string {
  switch (kind) {
    case 'unavailable':
      return t.greetingUnavailable
    case 'busy':
      return t.greetingBusy
    case 'temporary':
      return t.greetingTemporary
  }
}
