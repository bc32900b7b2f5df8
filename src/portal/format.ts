import type { Language } from '../model/line.js'
import { asDialled } from '../model/phone-number.js'

const LOCALES: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' }

/** Numbers, dates and prices as people of a language write them. */
export class Format {
  readonly #locale: string
  readonly #country: string
  readonly #timeZone: string

  constructor(language: Language, country: string, timeZone: string) {
    this.#locale = LOCALES[language]
    this.#country = country
    this.#timeZone = timeZone
  }

  /** As it is dialled in the country, in pairs: `09 72 10 00 01`. Anything else stays. */
  number(canonical: string): string {
    if (!/^00\d{6,}$/.test(canonical)) return canonical
    const dialled = asDialled(canonical, this.#country)
    if (!dialled.startsWith('00')) return dialled.replaceAll(/\d\d(?=\d)/g, '$& ')
    return `+${dialled.slice(2)}`
  }

  /** `1 février 2026`. */
  date(ms: number): string {
    return this.#time(ms, { dateStyle: 'long' })
  }

  /** `1 février 2026 à 14:05`. */
  instant(ms: number): string {
    return this.#time(ms, { dateStyle: 'long', timeStyle: 'short' })
  }

  /** `14:05:09`. */
  clock(ms: number): string {
    return this.#time(ms, { timeStyle: 'medium' })
  }

  /** Of whole cents: `2,00 €`. */
  money(cents: number): string {
    return new Intl.NumberFormat(this.#locale, {
      style: 'currency',
      currency: 'EUR',
    }).format(cents / 100)
  }

  count(value: number): string {
    return new Intl.NumberFormat(this.#locale).format(value)
  }

  /** `3:07`, and above an hour `1:02:07`. */
  duration(seconds: number): string {
    const whole = Math.max(0, Math.round(seconds))
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
    const two = (value: number): string => String(value).padStart(2, '0')
    return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
  }

  #time(ms: number, options: Intl.DateTimeFormatOptions): string {
    const withZone = { ...options, timeZone: this.#timeZone }
    return new Intl.DateTimeFormat(this.#locale, withZone).format(ms)
  }
}
