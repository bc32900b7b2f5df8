import type { Mutant } from './mutant.js'

/** Counting and giving back (I-S1 to I-S6). */
export const slots: readonly Mutant[] = [
  {
    name: 'a call that was picked up goes on counting on the line that rang',
    file: 'decide.ts',
    find: 'line === undefined ? answered : handOver(answered, leg, line, at)',
    replace: 'answered',
    by: 'simulation',
  },
  {
    name: 'the end of a leg releases nothing',
    file: 'decide.ts',
    find: 'const ledger = release(state.ledger, leg, at)',
    replace: 'const { ledger } = state',
    by: 'simulation',
  },
  {
    name: 'the end of a caller keeps his reservation',
    file: 'slots.ts',
    find: "const KINDS = ['leg', 'reservation', 'transfer'] as const",
    replace: "const KINDS = ['leg', 'transfer'] as const",
    by: 'simulation',
  },
  {
    name: 'the end of a transferred leg keeps the slot of its transfer',
    file: 'slots.ts',
    find: "const KINDS = ['leg', 'reservation', 'transfer'] as const",
    replace: "const KINDS = ['leg', 'reservation'] as const",
    by: 'simulation',
  },
  {
    name: 'one call more than the limit',
    file: 'arrival.ts',
    find: 'if (routing.inUse(line.number) < line.calls) return undefined',
    replace: 'if (routing.inUse(line.number) <= line.calls) return undefined',
    by: 'simulation',
  },
  {
    name: 'the last slot is given away beside the degraded path',
    file: 'contested.ts',
    find: 'if (state.contestedAt === undefined) return decision',
    replace: 'return decision',
    by: 'simulation',
  },
  {
    name: 'nothing is reserved for a line that is going to ring',
    file: 'said.ts',
    find: "    case 'ring':\n    case 'intercom':",
    replace: "    case 'intercom':",
    by: 'simulation',
  },
  {
    name: 'the limit is not asked for outgoing calls',
    file: 'departure.ts',
    find: 'return inUse >= line.calls ?',
    replace: 'return inUse >= 99 ?',
    by: 'simulation',
  },
  {
    name: 'held calls do not count',
    file: 'slots.ts',
    find: 'for (const { kind, leg } of holdingsOf(ledger, line)) {',
    replace:
      'for (const { kind, leg } of holdingsOf(ledger, line).filter(({ held }) => !held)) {',
    by: 'simulation',
  },
  {
    name: 'a consultation call does not count: only incoming legs do',
    file: 'slots.ts',
    find: 'for (const { kind, leg } of holdingsOf(ledger, line)) {',
    replace:
      "for (const { kind, leg } of holdingsOf(ledger, line).filter(({ direction }) => direction === 'in')) {",
    by: 'simulation',
  },
  {
    name: 'a diverted call counts on the line that diverted it',
    file: 'said.ts',
    find: '          line: answer.line,',
    replace:
      "          line: answer.kind === 'ring' && answer.diversion ? answer.diversion.by : answer.line,",
    by: 'simulation',
  },
  {
    name: 'a rung phone takes a slot and leaves its reservation',
    file: 'slots.ts',
    find: "const kept = drop(ledger, 'reservation', reserved.leg)",
    replace: 'const kept = ledger',
    by: 'simulation',
  },
  {
    name: 'an answer that came too late keeps its reservation',
    file: 'decide.ts',
    find: "    case 'missed':\n      return quiet(unreserved(state, event.leg))",
    replace: "    case 'missed':\n      return quiet(state)",
    by: 'simulation',
  },
  {
    name: 'a dial that failed keeps its reservation',
    file: 'decide.ts',
    find: 'return onOutcome(unreserved(state, event.leg), event, at, directory)',
    replace: 'return onOutcome(state, event, at, directory)',
    by: 'simulation',
  },
  {
    name: 'a refused call keeps the slot of its own line',
    file: 'questions.ts',
    find: "const ledger = drop(state.ledger, 'leg', question.leg)",
    replace: 'const { ledger } = state',
    by: 'scenario',
  },
  {
    name: 'a question asked again counts its own reservation',
    file: 'decide.ts',
    find: 'return onDeparture(unreserved(state, event.leg), event, at, directory)',
    replace: 'return onDeparture(state, event, at, directory)',
    by: 'scenario',
  },
  {
    name: 'a rung phone told late takes the reservation of the next call',
    file: 'slots.ts',
    find: '(!known || since < known.since)',
    replace: 'true',
    by: 'scenario',
  },
  {
    name: 'an event of a leg that has ended takes a slot',
    file: 'decide.ts',
    find: "  if ('leg' in event && state.ledger.ended.has(event.leg)) return quiet(state)\n",
    replace: '',
    by: 'simulation',
  },
]
