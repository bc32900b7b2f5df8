import type { Language } from '../model/line.js'
import type { Refused, Rule } from '../subscription/refusal.js'

/** Why a change of contract is refused, and what to do about it. */
const words: Readonly<Record<Language, Readonly<Record<Rule, string>>>> = {
  fr: {
    'plan-unknown': "Cette offre n'existe pas.",
    'plan-same': "C'est déjà l'offre de cette ligne.",
    'plan-not-offered': "Ce changement d'offre n'est pas possible.",
    'plan-change-none': "Aucun changement d'offre n'est prévu.",
    'calls-range': "Indiquez un nombre entier d'appels, 1 au moins.",
    'calls-contact-support': 'Pour 100 appels simultanés et plus, contactez le support.',
    'calls-same': "La ligne a déjà ce nombre d'appels simultanés.",
    'calls-maximum': "L'offre ne permet pas autant d'appels simultanés.",
    'calls-need-upgrade':
      "Cette offre est limitée à un appel. Changez d'abord d'offre pour en avoir plus.",
    'decrease-pending':
      'Une diminution est prévue : le nombre ne peut pas être modifié avant le renouvellement.',
    'decrease-none': "Aucune diminution n'est prévue.",
    'aliases-range': 'De 1 à 100 numéros par commande.',
    'terms-not-accepted': 'Acceptez les conditions générales pour commander.',
    'order-cancelled': 'Cette commande est annulée.',
    'order-expired': 'Cette commande a expiré.',
    'order-paid': 'Cette commande est déjà payée.',
    'order-not-applicable': 'Cette commande ne correspond plus à la ligne.',
  },
  en: {
    'plan-unknown': 'This plan does not exist.',
    'plan-same': 'This is the plan of the line already.',
    'plan-not-offered': 'This change of plan is not possible.',
    'plan-change-none': 'No plan change is scheduled.',
    'calls-range': 'Give a whole number of calls, at least 1.',
    'calls-contact-support': 'For 100 simultaneous calls and more, contact support.',
    'calls-same': 'The line has this number of simultaneous calls already.',
    'calls-maximum': 'The plan does not allow so many simultaneous calls.',
    'calls-need-upgrade':
      'This plan is limited to one call. Change the plan first to have more.',
    'decrease-pending':
      'A decrease is scheduled: the number cannot be changed before the renewal.',
    'decrease-none': 'No decrease is scheduled.',
    'aliases-range': '1 to 100 numbers per order.',
    'terms-not-accepted': 'Accept the general conditions to order.',
    'order-cancelled': 'This order is cancelled.',
    'order-expired': 'This order has expired.',
    'order-paid': 'This order is paid already.',
    'order-not-applicable': 'This order does not fit the line any more.',
  },
}

export function refusalText({ rule }: Pick<Refused, 'rule'>, language: Language): string {
  return words[language][rule]
}
