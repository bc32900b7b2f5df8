import type { ForwardKind } from '../model/forwarding.js'
import type { Language } from '../model/line.js'

/** What a feature code is about (spec B1.2); forwards by their name in the settings. */
export type CodeService =
  | Exclude<ForwardKind, 'unreachable'>
  | 'allForwards'
  | 'absent'
  | 'doNotDisturb'
  | 'rejectAnonymous'
  | 'hideNumber'
  | 'lock'
  | 'pickup'

/** `**SC#` toggles here; in TS 22.030 it would store and activate. */
export type CodeAction = 'on' | 'off' | 'query' | 'toggle'

/** What may stand behind the stars: a number, seconds of ringing, the PIN of the lock. */
export type Operand = 'N' | 'S' | 'PIN'

export interface CodeForm {
  readonly does: CodeAction
  /** As people dial it, with an operand's letter in place of its digits. */
  readonly dial: string
}

export interface CodeRow {
  readonly service: CodeService
  readonly label: Readonly<Record<Language, string>>
  readonly forms: readonly CodeForm[]
}

/** `*SC#`, `#SC#`, `*#SC#` and `**SC#`. */
function allForms(code: string): readonly CodeForm[] {
  return [
    { does: 'on', dial: `*${code}#` },
    { does: 'off', dial: `#${code}#` },
    { does: 'query', dial: `*#${code}#` },
    { does: 'toggle', dial: `**${code}#` },
  ]
}

/**
 * Every feature code: the parser, `linekeeper codes`, the README and `explain` are made
 * of this list (spec B1.2). CFNL has no code of its own; `#002` clears it all the same.
 */
export const CODES: readonly CodeRow[] = [
  {
    service: 'unconditional',
    label: { fr: 'Renvoyer tous les appels', en: 'Forward all calls' },
    forms: [{ does: 'on', dial: '*21*N#' }, ...allForms('21')],
  },
  {
    service: 'noAnswer',
    label: { fr: 'Renvoyer sans réponse', en: 'Forward on no answer' },
    forms: [
      { does: 'on', dial: '*61*N#' },
      { does: 'on', dial: '*61*N*S#' },
      ...allForms('61'),
    ],
  },
  {
    service: 'busy',
    label: { fr: 'Renvoyer si occupé', en: 'Forward when busy' },
    forms: [{ does: 'on', dial: '*69*N#' }, ...allForms('69')],
  },
  {
    service: 'allForwards',
    label: { fr: 'Annuler tous les renvois', en: 'Cancel every forward' },
    forms: [{ does: 'off', dial: '#002' }],
  },
  {
    service: 'doNotDisturb',
    label: { fr: 'Ne pas déranger', en: 'Do not disturb' },
    forms: allForms('26'),
  },
  {
    service: 'absent',
    label: { fr: 'Abonné absent', en: 'Absent subscriber' },
    forms: allForms('24'),
  },
  {
    service: 'rejectAnonymous',
    label: { fr: 'Refuser les appels anonymes', en: 'Refuse anonymous callers' },
    forms: allForms('82'),
  },
  {
    service: 'hideNumber',
    label: { fr: 'Masquer son numéro', en: 'Hide my number' },
    forms: allForms('31'),
  },
  {
    service: 'lock',
    label: { fr: 'Verrouiller le poste', en: 'Lock the phone' },
    forms: [
      { does: 'on', dial: '*33*PIN#' },
      { does: 'on', dial: '*33#' },
      { does: 'off', dial: '#33*PIN#' },
      { does: 'query', dial: '*#33#' },
      { does: 'query', dial: '*#33*PIN#' },
    ],
  },
  {
    service: 'pickup',
    label: { fr: 'Intercepter un appel', en: 'Pick up a call' },
    forms: [
      { does: 'on', dial: '*11*N' },
      { does: 'on', dial: '*11#' },
    ],
  },
]

/** Numbers with a meaning of ours that are no codes: `parseNumber` reads them. */
export const NUMBERS: readonly {
  readonly dial: string
  readonly label: Readonly<Record<Language, string>>
}[] = [
  { dial: '123', label: { fr: 'Écouter son répondeur', en: 'Listen to my voicemail' } },
  {
    dial: '3651N',
    label: {
      fr: 'Masquer son numéro pour un appel',
      en: 'Hide my number for one call',
    },
  },
  {
    dial: '3652N',
    label: {
      fr: 'Montrer son numéro pour un appel',
      en: 'Show my number for one call',
    },
  },
  {
    dial: '3691N',
    label: { fr: 'Interphone d’une ligne', en: 'Intercom of a line' },
  },
]
