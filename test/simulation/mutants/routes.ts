import type { Mutant } from './mutant.js'

/** Where a call goes (I-R2 to I-R6, spec D3 to D5). */
export const routes: readonly Mutant[] = [
  {
    name: 'an emergency call is asked for a free slot first',
    file: 'departure.ts',
    find: "  ['emergency', onEmergency],\n  ['tooFast', onTooFast],\n  ['ownLimit', onOwnLimit],\n",
    replace:
      "  ['tooFast', onTooFast],\n  ['ownLimit', onOwnLimit],\n  ['emergency', onEmergency],\n",
    by: 'simulation',
  },
  {
    name: 'emergency numbers are read like any other number',
    file: 'destination.ts',
    find: 'if (emergency !== undefined) return',
    replace: 'if (false) return',
    by: 'simulation',
  },
  {
    name: 'the lines that have forwarded are forgotten',
    file: 'said.ts',
    find: '    forwardedBy: call.forwardedBy,\n',
    replace: '    forwardedBy: [],\n',
    by: 'simulation',
  },
  {
    name: 'one forward more than five',
    file: 'forward.ts',
    find: 'if (onward.forwardedBy.length > MAX_HOPS)',
    replace: 'if (onward.forwardedBy.length > MAX_HOPS + 1)',
    by: 'simulation',
  },
  {
    name: 'a premium number is a good target',
    file: 'forward.ts',
    find: "    case 'special':\n    case 'emergency':",
    replace:
      "    case 'special':\n      return line.outgoing.special\n    case 'emergency':",
    by: 'simulation',
  },
  {
    name: 'intercom opens the microphone of who did not ask for it',
    file: 'departure.ts',
    find: 'if (!line?.intercom || line.group !== caller.group) {',
    replace: 'if (!line || line.group !== caller.group) {',
    by: 'simulation',
  },
  {
    name: 'intercom reaches into another billing group',
    file: 'departure.ts',
    find: 'if (!line?.intercom || line.group !== caller.group) {',
    replace: 'if (!line?.intercom) {',
    by: 'simulation',
  },
  {
    name: 'an intercom call is forwarded',
    file: 'outcome.ts',
    find: "if (attempt.kind !== 'ring') return undefined\n",
    replace:
      "if (attempt.kind !== 'ring' && attempt.kind !== 'intercom') return undefined\n",
    by: 'simulation',
  },
  {
    name: 'CFB is asked before CFU',
    file: 'arrival.ts',
    find: "  ['cfu', onCfu],\n",
    replace: "  ['noFreeCallSlot', onNoFreeCallSlot],\n  ['cfu', onCfu],\n",
    by: 'scenario',
  },
  {
    name: 'CFU is asked before do not disturb',
    file: 'arrival.ts',
    find: "  ['doNotDisturb', onDoNotDisturb],\n  ['cfu', onCfu],\n",
    replace: "  ['cfu', onCfu],\n  ['doNotDisturb', onDoNotDisturb],\n",
    by: 'scenario',
  },
  {
    name: 'a full line hides that its phone is gone',
    file: 'arrival.ts',
    find: "  ['notReachable', onNotReachable],\n  ['noFreeCallSlot', onNoFreeCallSlot],\n",
    replace:
      "  ['noFreeCallSlot', onNoFreeCallSlot],\n  ['notReachable', onNotReachable],\n",
    by: 'scenario',
  },
  {
    name: 'a 302 of a phone is busy',
    file: 'outcome.ts',
    find: "  ['redirected', onRedirected],\n",
    replace: '',
    by: 'scenario',
  },
  {
    name: 'a declined call is forwarded as unreachable',
    file: 'outcome.ts',
    find: "  ['declined', onDeclined],\n",
    replace: '',
    by: 'scenario',
  },
  {
    name: 'a circle of forwards is cut by their number only',
    file: 'forward.ts',
    find: 'if (onward.forwardedBy.includes(next.number))',
    replace: 'if (false)',
    by: 'scenario',
  },
  {
    name: 'a hidden caller is shown',
    file: 'forward.ts',
    find: "if (parsed.kind !== 'number') return toCarrier(line.number, trunk.format)",
    replace: "if (parsed.kind !== 'number') return caller",
    by: 'scenario',
  },
]
