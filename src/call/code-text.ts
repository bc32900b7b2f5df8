import type { Language } from '../model/line.js'
import { CODES, type CodeForm, type CodeRow, NUMBERS } from './code-table.js'
import { operandsOf } from './codes.js'

/** The heads of the table, in the order of its columns (spec B1.2). */
const HEADS: Readonly<Record<Language, readonly string[]>> = {
  fr: ['Service', 'Activer', 'Désactiver', 'Consulter', 'Basculer'],
  en: ['Service', 'Switch on', 'Switch off', 'Ask', 'Change over'],
}

const NOTES: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    'N : numéro (0…, 00…, numéro abrégé), ou 92 suivi du numéro d’une ligne pour son répondeur',
    'S : secondes de sonnerie, de 5 à 60      PIN : les 4 chiffres du verrouillage',
    'Composer depuis sa propre ligne, attendre l’annonce, raccrocher. Le # final peut manquer.',
  ],
  en: [
    'N: number (0…, 00…, short number), or 92 and the number of a line for its voicemail',
    'S: seconds of ringing, 5 to 60           PIN: the 4 digits of the lock',
    'Dial from your own line, wait for the announcement, hang up. The final # may be missing.',
  ],
}

/** The table of codes as users read it: heads, one row per service, and what the letters mean. */
export function codeTable(language: Language): {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly notes: readonly string[]
} {
  const codes = CODES.map((row) => [row.label[language], ...cells(row)])
  const numbers = NUMBERS.map(({ dial, label }) => [label[language], dial])
  return {
    head: HEADS[language],
    rows: [...codes, ...numbers],
    notes: NOTES[language],
  }
}

function cells({ forms }: CodeRow): string[] {
  return (['on', 'off', 'query', 'toggle'] as const).map((does) =>
    forms
      .filter((form) => form.does === does)
      .map(({ dial }) => dial)
      .join('  '),
  )
}

/** The same for programs. */
export function codesForPrograms(language: Language): object {
  return {
    codes: CODES.map(({ service, label, forms }) => ({
      service,
      label: label[language],
      forms: forms.map((form: CodeForm) => ({ ...form, operands: operandsOf(form) })),
    })),
    numbers: NUMBERS.map(({ dial, label }) => ({ dial, label: label[language] })),
  }
}
