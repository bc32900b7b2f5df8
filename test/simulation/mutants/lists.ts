import type { Mutant } from './mutant.js'

/** Healing by Asterisk's own list (I-C1 to I-C5). */
export const lists: readonly Mutant[] = [
  {
    name: 'the list releases what began after it was asked for',
    file: 'reconcile.ts',
    find: '  if (held.changedAt >= askedAt) return false\n',
    replace: '',
    by: 'simulation',
  },
  {
    name: 'the list releases nothing',
    file: 'reconcile.ts',
    find: '  if (!live.has(held.leg)) return true\n',
    replace: '  if (!live.has(held.leg)) return false\n',
    by: 'simulation',
  },
  {
    name: 'the list adopts nothing',
    file: 'reconcile.ts',
    find: '} else if (!ledger.ended.has(leg.leg)) {',
    replace: '} else if (false) {',
    by: 'simulation',
  },
  {
    name: 'the list adopts legs that have ended since',
    file: 'reconcile.ts',
    find: '} else if (!ledger.ended.has(leg.leg)) {',
    replace: '} else {',
    by: 'simulation',
  },
  {
    name: 'the next list releases what the last one adopted',
    file: 'reconcile.ts',
    find: '  if (!live.has(held.leg)) return true\n',
    replace: '  if (!live.has(held.leg) || held.adopted) return true\n',
    by: 'simulation',
  },
  {
    name: 'the list overrules an answer that came after it was asked for',
    file: 'reconcile.ts',
    find: 'if (held.changedAt < askedAt) holdings.set',
    replace: 'holdings.set',
    by: 'simulation',
  },
  {
    name: 'a reservation that came to nothing never ends',
    file: 'reconcile.ts',
    find: "return held.kind === 'reservation' && age > RESERVATION_GRACE_MS",
    replace: 'return false',
    by: 'simulation',
  },
  {
    name: 'the list gives up a reservation at once',
    file: 'reconcile.ts',
    find: "return held.kind === 'reservation' && age > RESERVATION_GRACE_MS",
    replace: "return held.kind === 'reservation'",
    by: 'scenario',
  },
  {
    name: 'the list overrules a phone that came or went since',
    file: 'decide.ts',
    find: 'since.has(line) ? unreachable.has(line) : !listed.has(line)',
    replace: '!listed.has(line)',
    by: 'simulation',
  },
  {
    name: 'the record of a call whose end was lost stays for ever',
    file: 'decide.ts',
    find: '([leg, call]) => live.has(leg) || call.since >= askedAt,',
    replace: '([leg, call]) => live.has(leg) || call.since <= askedAt,',
    by: 'simulation',
  },
  {
    name: 'a beep that a dead controller left goes on',
    file: 'decide.ts',
    find: 'const strays = beeps.filter((leg) => !state.beeps.has(leg))',
    replace: 'const strays: string[] = []',
    by: 'simulation',
  },
  {
    name: 'adopted legs are thought to have the gate they began with',
    file: 'settle.ts',
    find: 'gates.get(leg) ?? (adopted ? undefined : startsOpen(line))',
    replace: 'gates.get(leg) ?? startsOpen(line)',
    by: 'simulation',
  },
]
