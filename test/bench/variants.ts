/** A way to decide where a call goes, chosen by the first letter of what is dialled. */
export interface Variant {
  readonly id: 'plain' | 'group' | 'linekeeper' | 'freepbxLike' | 'fastagi'
  /** Before the called number; linekeeper's own numbers have none (variants.conf). */
  readonly letter: string
  readonly title: string
}

/** Plain `Dial` first: in each round the others are divided by it. */
export const variants: readonly [Variant, ...Variant[]] = [
  { id: 'plain', letter: 'b', title: 'plain Dial, nothing decided or counted' },
  { id: 'group', letter: 'p', title: 'GROUP in the dialplan: two limits, no settings' },
  { id: 'linekeeper', letter: '', title: 'linekeeper as shipped, all accounting' },
  { id: 'freepbxLike', letter: 'c', title: 'like FreePBX (our approximation)' },
  { id: 'fastagi', letter: 'h', title: 'FastAGI decides, nothing counted' },
]

/** Those named, and what they are divided by; all of them unless some are. */
export function chosenVariants(ids: readonly string[] | undefined): readonly Variant[] {
  const [plain, ...others] = variants
  return ids ? [plain, ...others.filter(({ id }) => ids.includes(id))] : variants
}
