import type { Language } from '../model/line.js'
import { en } from './texts-en.js'
import { fr, type Texts } from './texts-fr.js'

export type { Texts }

/** The words of each language. */
export const texts: Readonly<Record<Language, Texts>> = { fr, en }
