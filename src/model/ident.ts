import { z } from 'zod'
import { breaks } from './finding-codes.js'

/** Names that Asterisk, or the generated files, give a meaning of their own. */
const reserved = new Set([
  'anonymous',
  'default',
  'general',
  'global',
  'globals',
  'lk_eof',
  'lk-eof',
  'system',
])

/** The name of a trunk: a section of pjsip.conf, and part of dialplan expressions. */
export const Ident = z
  .string(breaks('id.format'))
  // The reserved word is asked first: `lk-eof` is both reserved and ill formed.
  .refine((text) => !reserved.has(text.toLowerCase()), {
    ...breaks('id.reserved'),
    abort: true,
  })
  // No hyphen: the dialplan cuts channel names at one (reliability §3.6).
  // No longer: the dialplan extension that carries an answer has 79 characters in all.
  .regex(/^[a-z][a-z0-9_]{0,19}$/, breaks('id.format'))

/** The name of a site, a plan or a group: never part of a dialplan expression. */
export const Slug = z
  .string(breaks('id.format'))
  .refine((text) => !reserved.has(text.toLowerCase()), {
    ...breaks('id.reserved'),
    abort: true,
  })
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, breaks('id.format'))

/** The name of a billing group; `all` is the key of what serves every group (mirror). */
export const GroupName = Slug.refine((text) => text !== 'all', breaks('id.reserved'))
