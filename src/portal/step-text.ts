import type { Language } from '../model/line.js'

/** The steps of the core that decide about a call, for people who do not know their names. */
const words: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    emergency: "numéro d'urgence",
    tooFast: 'appels lancés trop vite les uns après les autres',
    ownLimit: 'tous les appels simultanés de la ligne étaient utilisés',
    pickup: 'interception d’appel',
    code: 'code de service',
    prefixAlone: 'préfixe sans numéro',
    shortNumberUnknown: 'numéro abrégé absent de la table',
    fourthDigit: 'attente du quatrième chiffre',
    malformed: 'numéro mal composé',
    notInService: 'numéro non attribué',
    numberUnknown: 'numéro inconnu',
    voicemail: 'répondeur',
    lock: 'téléphone verrouillé',
    intercom: 'intercom',
    classNotAllowed: 'type de numéro non autorisé',
    tooMuch: 'plafond d’appels sortants atteint',
    line: 'appel interne',
    outside: 'appel vers l’extérieur',
    incomingList: 'refusé par une liste',
    outgoingList: 'refusé par une liste',
    busy: 'le téléphone était occupé',
    declined: 'appel refusé sur le téléphone',
    noAnswer: 'sans réponse',
    redirected: 'le téléphone a renvoyé l’appel',
    trunkRefused: 'refusé par l’opérateur',
    nextTrunk: 'essayé par un autre opérateur',
    anonymousRejected: 'appel anonyme refusé',
    absent: 'abonné absent',
    doNotDisturb: 'ne pas déranger',
    cfu: 'renvoi de tous les appels',
    notReachable: 'téléphone déconnecté',
    noFreeCallSlot: 'tous les appels simultanés étaient utilisés',
    ring: 'le téléphone a sonné',
  },
  en: {
    emergency: 'emergency number',
    tooFast: 'calls begun too fast one after the other',
    ownLimit: 'all simultaneous calls of the line were in use',
    pickup: 'call pickup',
    code: 'service code',
    prefixAlone: 'prefix without a number',
    shortNumberUnknown: 'short number missing in the table',
    fourthDigit: 'waits for the fourth digit',
    malformed: 'malformed number',
    notInService: 'number not in service',
    numberUnknown: 'unknown number',
    voicemail: 'voicemail',
    lock: 'phone locked',
    intercom: 'intercom',
    classNotAllowed: 'kind of number not allowed',
    tooMuch: 'ceiling of outgoing calls reached',
    line: 'internal call',
    outside: 'call to the outside',
    incomingList: 'refused by a list',
    outgoingList: 'refused by a list',
    busy: 'the phone was busy',
    declined: 'refused on the phone',
    noAnswer: 'no answer',
    redirected: 'the phone redirected the call',
    trunkRefused: 'refused by the carrier',
    nextTrunk: 'tried with another carrier',
    anonymousRejected: 'anonymous call refused',
    absent: 'subscriber absent',
    doNotDisturb: 'do not disturb',
    cfu: 'all calls forwarded',
    notReachable: 'phone not connected',
    noFreeCallSlot: 'all simultaneous calls were in use',
    ring: 'the phone rang',
  },
}

/** A step that has no words of its own is shown by its name. */
export function stepText(step: string, language: Language): string {
  return words[language][step] ?? step
}

/** Whether it has words of its own. */
export function hasStepText(step: string, language: Language): boolean {
  return Object.hasOwn(words[language], step)
}
