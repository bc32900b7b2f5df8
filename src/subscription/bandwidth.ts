/** What a simultaneous call takes of the internet access, each way (spec A2). */
const KBITS_OF_A_CALL = { from: 70, to: 100 }

/** The bandwidth to have for so many calls at once, in kbit/s in each direction. */
export function bandwidthOf(calls: number): { from: number; to: number } {
  return { from: calls * KBITS_OF_A_CALL.from, to: calls * KBITS_OF_A_CALL.to }
}
