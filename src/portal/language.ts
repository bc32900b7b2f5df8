import type { Language } from '../model/line.js'

/** The cookie that remembers a choice of language. */
export const LANGUAGE_COOKIE = 'linekeeper-language'

/** The cookie, then what the browser asks for, then French (H28). */
export function languageOf(
  cookie: string | undefined,
  acceptLanguage: string | undefined,
): Language {
  if (isLanguage(cookie)) return cookie
  return accepted(acceptLanguage ?? '')[0] ?? 'fr'
}

export function isLanguage(text: unknown): text is Language {
  return text === 'fr' || text === 'en'
}

/** RFC 9110 §12.5.4: `fr-CH, fr;q=0.9, en;q=0.8`; what is none of ours is left out. */
function accepted(header: string): Language[] {
  const asked = header
    .slice(0, 200)
    .split(',')
    .flatMap((range) => {
      const [, tag, q = '1'] =
        /^\s*(fr|en)(?:-[a-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/i.exec(
          range,
        ) ?? []
      const language = tag?.toLowerCase()
      return isLanguage(language) && Number(q) > 0 ? [{ language, q: Number(q) }] : []
    })
  return asked.sort((a, b) => b.q - a.q).map(({ language }) => language)
}
