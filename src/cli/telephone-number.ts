import { InvalidArgumentError } from 'commander'
import { PhoneNumber } from '../model/phone-number.js'

/** An argument that is a telephone number in any spelling; a path or a word is not. */
export function telephoneNumber(text: string): string {
  if (PhoneNumber.safeParse(text).success) return text
  throw new InvalidArgumentError('A telephone number is needed, like 0972100001.')
}
