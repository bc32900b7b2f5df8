/** How long a line rings when no forward on no reply ends it (spec D3, step 12c). */
export const MAX_RING_SECONDS = 60
