import { parseNumber } from '../model/phone-number.js'
import { Secret } from '../model/secret.js'
import { CODES, type CodeAction, type CodeForm, type CodeService } from './code-table.js'

/** Where a code sends calls: canonical, but for a short number, which belongs to a line. */
export type CodeTarget =
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'short'; readonly number: string }
  /** `92N`: the voicemail of a line. */
  | { readonly kind: 'voicemail'; readonly line: string }

/** What a dialled code asks for. */
export interface CodeCommand {
  readonly service: CodeService
  readonly does: CodeAction
  readonly to?: CodeTarget
  /** Of ringing, 5 to 60. */
  readonly seconds?: number
  readonly pin?: Secret
}

/** Why a string is no command. */
export type CodeFault =
  /** Nobody has this code. */
  | 'unknownCode'
  /** The service has it, but not in this form: `##21#`, `*21*1*2#`, `#31#06…`. */
  | 'form'
  /** No number that calls could be sent to. */
  | 'number'
  | 'delay'
  /** Missing, or not four digits. */
  | 'pin'

export type ParsedCode =
  | { readonly kind: 'command'; readonly command: CodeCommand }
  | { readonly kind: 'fault'; readonly fault: CodeFault }

/** What stands in a dialled string; in a form of the table, the operands are letters. */
interface Shape {
  readonly prefix: string
  readonly code: string
  readonly operands: readonly string[]
}

/** One prefix, a code, and operands; the final `#` may be missing (spec B1.3, B1.7). */
const SHAPE = /^(\*\*|\*#|\*|#)(\d+)((?:\*[^*#]*)*)#?$/

interface Known {
  readonly service: CodeService
  readonly form: CodeForm
  readonly shape: Shape
}

const FORMS: readonly Known[] = CODES.flatMap(({ service, forms }) =>
  forms.map((form) => {
    const shape = shapeOf(form.dial)
    if (!shape) throw new Error(`codes: ${form.dial} has no shape`)
    return { service, form, shape }
  }),
)

/**
 * Reads a dialled feature code as one command or one fault, whatever the string
 * (spec B1.3). Numbers are read as the subscribers of `country` write them.
 */
export function parseCode(dialled: string, country: string): ParsedCode {
  const shape = shapeOf(dialled)
  if (!shape) return { kind: 'fault', fault: 'form' }
  const known = FORMS.find((form) => fits(form.shape, shape))
  if (!known) return { kind: 'fault', fault: faultOf(shape) }
  let command: CodeCommand = { service: known.service, does: known.form.does }
  for (const [index, letters] of known.shape.operands.entries()) {
    const read = readOperand(letters, shape.operands[index] ?? '', country)
    if (typeof read === 'string') return { kind: 'fault', fault: read }
    command = { ...command, ...read }
  }
  return { kind: 'command', command }
}

const PIN_CODES: readonly string[] = FORMS.filter(({ shape }) =>
  shape.operands.includes('PIN'),
).map(({ shape }) => shape.code)

/** A dialled string as it may be logged and shown: without the PIN, right or wrong. */
export function withoutPin(dialled: string): string {
  const [, head = '', code = ''] = /^([*#]+(\d+)\*).+/s.exec(dialled) ?? []
  return PIN_CODES.includes(code) ? `${head}····` : dialled
}

/** The letters that stand in a form for what the caller adds: `N`, `S`, `PIN`. */
export function operandsOf({ dial }: CodeForm): readonly string[] {
  return shapeOf(dial)?.operands ?? []
}

function shapeOf(text: string): Shape | undefined {
  const [, prefix, code, rest] = SHAPE.exec(text) ?? []
  if (prefix === undefined || code === undefined || rest === undefined) return undefined
  return { prefix, code, operands: rest.split('*').slice(1) }
}

function fits(model: Shape, { prefix, code, operands }: Shape): boolean {
  return (
    model.prefix === prefix &&
    model.code === code &&
    model.operands.length === operands.length
  )
}

/** Nothing but a PIN may be what is missing: `#33#` (row F10). */
function faultOf({ prefix, code, operands }: Shape): CodeFault {
  const sameCode = FORMS.filter(({ shape }) => shape.code === code)
  if (sameCode.length === 0) return 'unknownCode'
  const needsPin = sameCode.some(
    ({ shape }) => shape.prefix === prefix && shape.operands[0] === 'PIN',
  )
  return needsPin && operands.length === 0 ? 'pin' : 'form'
}

function readOperand(
  letters: string,
  digits: string,
  country: string,
): Pick<CodeCommand, 'to' | 'seconds' | 'pin'> | CodeFault {
  if (letters === 'N') {
    const to = targetOf(digits, country)
    return to ? { to } : 'number'
  }
  if (letters === 'S') {
    const seconds = Number(digits)
    return /^\d+$/.test(digits) && seconds >= 5 && seconds <= 60 ? { seconds } : 'delay'
  }
  return /^\d{4}$/.test(digits) ? { pin: new Secret(digits) } : 'pin'
}

/** Digits, with a plus at most: the separators people write are for paper (row F02). */
function targetOf(digits: string, country: string): CodeTarget | undefined {
  if (!/^(?:92)?\+?\d+$/.test(digits)) return undefined
  const behind92 = /^92(.+)$/.exec(digits)?.[1]
  if (behind92 !== undefined) {
    const line = parseNumber(behind92, country)
    return line.kind === 'number' ? { kind: 'voicemail', line: line.number } : undefined
  }
  const parsed = parseNumber(digits, country)
  // `123`, `3691…` and another code are no place to send calls to (spec B1.4).
  if (parsed.kind !== 'number' && parsed.kind !== 'short') return undefined
  return { kind: parsed.kind, number: parsed.number }
}
