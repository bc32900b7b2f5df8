import type { Filter } from '../model/filter.js'
import type { Line } from '../model/line.js'
import type { PortalOptions } from './portal-options.js'
import type { Visit } from './visit.js'

/** The lists of a line and the number its calls show, for their forms (spec C3, C5). */
export function filtersView(line: Line, visit: Visit, { site }: PortalOptions) {
  const { t, format } = visit
  const own = site()
    .aliases.filter(({ redirect }) => redirect?.line === line.number)
    .map(({ number }) => number)
  const shown = [line.number, ...own, ...(line.shownNumber ? [line.shownNumber] : [])]
  return {
    lists: [
      listView('incoming', t.incomingList, line.filters?.incoming, visit),
      listView('outgoing', t.outgoingList, line.filters?.outgoing, visit),
    ],
    shownNumbers: [...new Set(shown)].map((number) => ({
      ...{ number, text: format.number(number), isChosen: number === line.shownNumber },
    })),
  }
}

function listView(
  direction: string,
  label: string,
  list: Filter | undefined,
  { t, format }: Visit,
) {
  const modes: readonly (readonly [string, string])[] = [
    ['none', t.listNone],
    ['black', t.listBlack],
    ['white', t.listWhite],
  ]
  const mode = list?.mode ?? 'none'
  return {
    ...{ direction, label },
    modes: modes.map(([value, text]) => ({ value, text, isChosen: value === mode })),
    entries: (list?.entries ?? []).map((entry) => format.number(entry)).join('\n'),
  }
}
