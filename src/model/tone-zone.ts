/** The tones a caller hears: those of the country, whatever the language of a line. */
export type ToneZone = 'fr' | 'en'

export function toneZoneOf(country: string): ToneZone {
  return country === 'FR' ? 'fr' : 'en'
}
