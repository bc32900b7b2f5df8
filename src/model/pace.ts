/**
 * How fast a line may begin calls (row S13): so many a second as a mean, and so many at
 * once after six quiet seconds. What a person or a dialler begins together passes.
 */
export const PACE = { callsASecond: 5, atOnce: 30 } as const
