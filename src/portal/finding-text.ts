import type { Finding } from '../model/finding.js'
import { type Code, isCode } from '../model/finding-codes.js'
import type { Language } from '../model/line.js'
import type { Texts } from './texts.js'

type Words = Partial<Record<Code, string>>

/** What a person who fills in a form can do about a rule. */
const words: Readonly<Record<Language, Words>> = {
  fr: {
    'number.format':
      "Ce numéro n'est pas valable. Écrivez-le sous la forme 0…, 00… ou +…",
    'forward.target': "Cette destination n'est pas valable.",
    'value.type': "Cette valeur n'est pas valable.",
    'forward.loop': 'Ce renvoi reviendrait à son point de départ.',
    'forward.depth': 'La chaîne de renvois serait trop longue (cinq au plus).',
    'forward.class':
      "Ce type de numéro n'est pas autorisé (numéros surtaxés, d'urgence, codes de service…).",
    'forward.fax': "L'offre de cette ligne ne comprend pas le fax.",
    'forward.unknown': 'Indiquez un numéro de destination.',
    'ref.missing': "Cette ligne ou ce répondeur n'existe pas.",
    'delay.range': 'Le délai doit être compris entre 5 et 60 secondes.',
    'pin.format':
      'Un code de verrouillage comporte exactement 4 chiffres, un mot de passe de répondeur 6 à 8.',
    'pin.weak': 'Ce code est trop simple : évitez les répétitions et les suites.',
    'shown.foreign': "Ce numéro n'est pas dans le même groupe que la ligne.",
    'email.format': "Cette adresse e-mail n'est pas valable.",
    'email.tooMany': 'Cinq adresses au plus.',
    'filter.entry': "Une entrée de la liste n'est pas valable.",
    'sound.format': "Ce fichier n'est pas un fichier WAV lisible.",
    'sound.encoding':
      "Enregistrez l'annonce en WAV, PCM de 8, 16 ou 24 bits, mono ou stéréo, de 8 à 48 kHz.",
    'sound.cut': 'Le fichier est incomplet : envoyez-le en entier.',
    'sound.length': "Une annonce dure d'une demi-seconde à deux minutes.",
  },
  en: {
    'number.format': 'This number is not valid. Write it in the form 0…, 00… or +…',
    'forward.target': 'This destination is not valid.',
    'value.type': 'This value is not valid.',
    'forward.loop': 'This forward would come back to where it started.',
    'forward.depth': 'The chain of forwards would be too long (five at most).',
    'forward.class':
      'This kind of number is not allowed (premium-rate, emergency, service codes…).',
    'forward.fax': 'The plan of this line has no fax.',
    'forward.unknown': 'Give a destination number.',
    'ref.missing': 'This line or voicemail does not exist.',
    'delay.range': 'The delay must be from 5 to 60 seconds.',
    'pin.format': 'A lock code has exactly 4 digits, a voicemail password 6 to 8.',
    'pin.weak': 'This code is too simple: avoid repeats and runs.',
    'shown.foreign': 'This number is not in the same group as the line.',
    'email.format': 'This e-mail address is not valid.',
    'email.tooMany': 'Five addresses at most.',
    'filter.entry': 'An entry of the list is not valid.',
    'sound.format': 'This file is not a WAV file that can be read.',
    'sound.encoding':
      'Save the greeting as WAV, PCM of 8, 16 or 24 bits, mono or stereo, 8 to 48 kHz.',
    'sound.cut': 'The file is not complete: send all of it.',
    'sound.length': 'A greeting lasts from half a second to two minutes.',
  },
}

/** One sentence for each finding, with the part of the form it is about. */
export function findingTexts(
  findings: readonly Finding[],
  t: Texts,
  language: Language,
): string[] {
  return findings.map(({ code, path, remedy }) => {
    const place = placeOf(path.map(String), t)
    const known = isCode(code) ? words[language][code] : undefined
    const text = known ?? `${code}: ${remedy}`
    return place === '' ? text : `${place} : ${text}`
  })
}

function placeOf([section, part]: readonly string[], t: Texts): string {
  if (section === 'lock') return t.lock
  if (section !== 'forwarding') return ''
  switch (part) {
    case 'unconditional':
      return t.nodeCfu
    case 'noAnswer':
      return t.nodeNoAnswer
    case 'busy':
      return t.busy
    case 'unreachable':
      return t.unreachable
    default:
      return ''
  }
}
