import { z } from 'zod'
import { breaks } from './finding-codes.js'

/** What Asterisk's files, expressions or SIP headers would read as syntax (reliability §3.6). */
const SYNTAX = /[;[\]{}$\\"<>|&,()#=]/

/** Control, format (bidirectional, zero width), surrogate, private use, line separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u

/**
 * A name that a phone may show. Refused, never cleaned up: a name that changes on its
 * way to the phone would surprise later than this does.
 */
export const DisplayName = z
  .string(breaks('name.chars'))
  .normalize('NFC')
  .trim()
  .refine((text) => text !== '' && [...text].length <= 60, breaks('name.length'))
  .refine((text) => !SYNTAX.test(text) && !INVISIBLE.test(text), breaks('name.chars'))
  .meta({
    description:
      'Shown on telephones: 1 to 60 characters, none of ; [ ] { } $ \\ " < > | & , ( ) # =',
  })
