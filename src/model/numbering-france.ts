import type { NumberingPlan } from './numbering.js'

/**
 * The French numbering plan (Arcep decision 2018-0881 as amended), by what a call costs.
 * Order matters: the first prefix that fits decides.
 */
export const france: NumberingPlan = {
  shortCodes: [
    { prefix: /^116\d{3}$/, class: 'freephone' },
    { prefix: /^118\d{3}$/, class: 'special' },
    { prefix: /^10\d{2}$/, class: 'special' },
    // 30.. and 31.. are free for the caller, the other 3... are not.
    { prefix: /^3[01]\d{2}$/, class: 'freephone' },
    { prefix: /^3[2-9]\d{2}$/, class: 'special' },
  ],
  national: [
    { prefix: /^[1-5]/, class: 'national' },
    { prefix: /^[67]/, class: 'mobile' },
    { prefix: /^9/, class: 'national' },
    { prefix: /^80[0-5]/, class: 'freephone' },
    // 0806 to 0809 cost a normal call ("banalisé"), every other 08 more than that.
    { prefix: /^80[6-9]/, class: 'national' },
    { prefix: /^8/, class: 'special' },
  ],
  territories: [
    { prefix: /^(?:262|639|69[23])/, code: '262' },
    { prefix: /^508/, code: '508' },
    { prefix: /^(?:590|69[01])/, code: '590' },
    { prefix: /^(?:594|694)/, code: '594' },
    { prefix: /^(?:596|69[67])/, code: '596' },
  ],
}
