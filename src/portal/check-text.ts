import type { CheckName } from '../call/diagnose.js'
import type { Language } from '../model/line.js'

type Said = (facts: Readonly<Record<string, string>>) => string

/** What a check says when it is passed, and when it found something. */
interface Words {
  readonly passed: Said
  readonly found: Said
}

const same = (said: Said): Words => ({ passed: said, found: said })
const onOff = (passed: string, found: string): Words => ({
  passed: () => passed,
  found: () => found,
})

/** The checks of the diagnosis, in the words of the guides (spec A14, B10). */
export const checkWords: Readonly<Record<Language, Readonly<Record<CheckName, Words>>>> =
  {
    fr: {
      powerCycle: same(
        () => 'Débranchez puis rebranchez le téléphone, et attendez une minute.',
      ),
      dialled: {
        passed: ({ number }) => `Le numéro ${number} peut être composé.`,
        found: ({ number, step }) => `Numéro ${number} : ${step}.`,
      },
      registered: {
        passed: ({ address, agent, until }) =>
          `Le téléphone est connecté : adresse ${address}, appareil ${agent}, jusqu'à ${until}.`,
        found: ({ lastSeen }) =>
          `Le téléphone n'est pas connecté au serveur. Vu pour la dernière fois : ${lastSeen}. Vérifiez l'alimentation, le câble réseau et l'accès Internet.`,
      },
      misregistered: {
        passed: () => "Le téléphone s'est enregistré à sa propre adresse.",
        found: ({ misregistered }) =>
          `Le téléphone a enregistré ${misregistered} : cette adresse n'est pas la sienne et n'est pas appelée. Corrigez le compte dans le téléphone ; si personne ne l'a réglé ainsi, changez son mot de passe.`,
      },
      unconditional: {
        passed: () => "Aucun renvoi de tous les appels n'est actif.",
        found: ({ to }) =>
          `Tous les appels sont renvoyés vers ${to}. Désactivez ce renvoi.`,
      },
      absent: onOff(
        "« Abonné absent » n'est pas activé.",
        '« Abonné absent » est activé : tous les appels sont refusés.',
      ),
      doNotDisturb: onOff(
        "« Ne pas déranger » n'est pas activé.",
        '« Ne pas déranger » est activé : tous les appels sont refusés.',
      ),
      rejectAnonymous: onOff(
        'Les appels anonymes sont acceptés.',
        'Les appels anonymes sont refusés.',
      ),
      filters: onOff(
        "Aucune liste de filtrage des appels entrants n'est active.",
        'Une liste filtre les appels entrants.',
      ),
      otherForwards: {
        passed: () => "Aucun autre renvoi n'est actif.",
        found: ({ forwards }) => `Autres renvois actifs : ${forwards}.`,
      },
      lock: onOff(
        "Le téléphone n'est pas verrouillé.",
        'Le téléphone est verrouillé pour les appels sortants.',
      ),
      callSlots: {
        passed: ({ inUse, limit }) =>
          `Appels simultanés utilisés : ${inUse} sur ${limit}.`,
        found: ({ inUse, limit }) =>
          `Tous les appels simultanés sont utilisés : ${inUse} sur ${limit}.`,
      },
      authentication: {
        passed: () => 'Aucun mot de passe erroné depuis la dernière connexion.',
        found: ({ failure }) => `Un mot de passe erroné a été envoyé depuis ${failure}.`,
      },
    },
    en: {
      powerCycle: same(
        () => 'Unplug the phone, plug it in again, and wait for a minute.',
      ),
      dialled: {
        passed: ({ number }) => `The number ${number} can be dialled.`,
        found: ({ number, step }) => `Number ${number}: ${step}.`,
      },
      registered: {
        passed: ({ address, agent, until }) =>
          `The phone is connected: address ${address}, device ${agent}, until ${until}.`,
        found: ({ lastSeen }) =>
          `The phone is not connected to the server. Last seen: ${lastSeen}. Check the power, the network cable and the internet access.`,
      },
      misregistered: {
        passed: () => 'The phone has registered an address of its own.',
        found: ({ misregistered }) =>
          `The phone has registered ${misregistered}: that is not its own address and is not called. Correct the account in the phone; if nobody has set it so, change its password.`,
      },
      unconditional: {
        passed: () => 'No forward of all calls is active.',
        found: ({ to }) => `All calls are forwarded to ${to}. Switch this forward off.`,
      },
      absent: onOff(
        '"Subscriber absent" is off.',
        '"Subscriber absent" is on: all calls are refused.',
      ),
      doNotDisturb: onOff(
        '"Do not disturb" is off.',
        '"Do not disturb" is on: all calls are refused.',
      ),
      rejectAnonymous: onOff(
        'Anonymous calls are accepted.',
        'Anonymous calls are refused.',
      ),
      filters: onOff('No list filters incoming calls.', 'A list filters incoming calls.'),
      otherForwards: {
        passed: () => 'No other forward is active.',
        found: ({ forwards }) => `Other active forwards: ${forwards}.`,
      },
      lock: onOff('The phone is not locked.', 'The phone is locked for outgoing calls.'),
      callSlots: {
        passed: ({ inUse, limit }) => `Simultaneous calls in use: ${inUse} of ${limit}.`,
        found: ({ inUse, limit }) =>
          `All simultaneous calls are in use: ${inUse} of ${limit}.`,
      },
      authentication: {
        passed: () => 'No wrong password since the last connection.',
        found: ({ failure }) => `A wrong password was sent from ${failure}.`,
      },
    },
  }
