import type { Mutant } from './mutant.js'

/** Transfers, gates and beeps (I-S6, spec A3, A4). */
export const transfers: readonly Mutant[] = [
  {
    name: 'a failed transfer loses the slot of the call it gives back',
    file: 'said.ts',
    find: "    case 'recall': {",
    replace:
      "    case 'recall':\n      if (answer.kind === 'recall') return undefined\n      {",
    by: 'simulation',
  },
  {
    name: 'a transfer takes no slot',
    file: 'transfer.ts',
    find: "return { ...state, ledger: take(state.ledger, holding('transfer', slot, at)) }",
    replace: 'return state',
    by: 'simulation',
  },
  {
    name: 'the slot of a transfer is kept when somebody answers',
    file: 'decide.ts',
    find: "const over = { ...state, ledger: drop(state.ledger, 'transfer', leg) }",
    replace: 'const over = state',
    by: 'simulation',
  },
  {
    name: 'the slot of a transfer whose end was lost is kept',
    file: 'reconcile.ts',
    find: 'return age > LONGEST_DIAL_MS',
    replace: 'return false',
    by: 'scenario',
  },
  {
    name: 'the slot of a transfer is kept while a message is left',
    file: 'said.ts',
    find: "answer.kind === 'ring' || answer.kind === 'trunk'\n",
    replace:
      "answer.kind === 'ring' || answer.kind === 'trunk' || answer.kind === 'voicemail'\n",
    by: 'simulation',
  },
  {
    name: 'somebody is handed over to an emergency service',
    file: 'transfer.ts',
    find: "if (destination.kind === 'emergency') return false",
    replace: "if (destination.kind === 'emergency') return true",
    by: 'simulation',
  },
  {
    name: 'a gate that was closed never opens again',
    file: 'settle.ts',
    find: 'if (standing !== open) effects',
    replace: 'if (standing !== open && !open) effects',
    by: 'simulation',
  },
  {
    name: 'a leg is thought to have begun with the gate of the present site',
    file: 'settle.ts',
    find: '    gates = gates.with(leg, open)\n    if (standing !== open) effects',
    replace:
      '    if (standing === open) continue\n    gates = gates.with(leg, open)\n    effects',
    by: 'simulation',
  },
  {
    name: 'another site changes no gate',
    file: 'decide.ts',
    find: "event.kind === 'siteChanged' ? emptyLedger : state.ledger",
    replace: 'state.ledger',
    by: 'simulation',
  },
  {
    name: 'a beep does not stop when the waiting call is answered',
    file: 'settle.ts',
    find: "return kind === 'leg' && direction === 'in' && waiting && !answered",
    replace: "return kind === 'leg' && direction === 'in' && waiting && answered",
    by: 'simulation',
  },
  {
    name: 'it beeps into the ear of who is on hold',
    file: 'settle.ts',
    find: 'return answered && !held && !undisturbed',
    replace: 'return answered && !undisturbed',
    by: 'simulation',
  },
  {
    name: 'it beeps into an intercom or emergency call',
    file: 'settle.ts',
    find: 'return answered && !held && !undisturbed',
    replace: 'return answered && !held',
    by: 'simulation',
  },
]
