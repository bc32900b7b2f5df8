import type { Phone } from '../../rig/baresip.js'
import { promptsPlayed } from '../../rig/played.js'
import type { System } from '../../rig/system.js'
import { until } from '../../rig/until.js'

/**
 * Dials a code, listens until it has heard `expected`, and hangs up: the prompts that
 * Asterisk begins to play, as `cfu-on to-number 0972100002`. Digits are one word, and the
 * last of them need not be waited for.
 */
export async function expectHeard(
  system: System,
  phone: Phone,
  code: string,
  expected: string,
): Promise<void> {
  const before = promptsPlayed(system).length
  const heard = (): string => inWords(promptsPlayed(system).slice(before))
  const call = await phone.dial(code)
  await phone.talking(call)
  await until(`${code} is answered ${expected}`, () => heard().startsWith(expected), {
    limitSeconds: 20,
    saw: heard,
  })
  await phone.hangup(call)
  await phone.ended(call)
  await system.expectNoChannelLeft()
}

/** `lk-cfu-on`, `digits/0`, `digits/9` → `cfu-on 09`. */
export function inWords(prompts: readonly string[]): string {
  const words: string[] = []
  let digits = ''
  for (const prompt of prompts) {
    const digit = /^digits\/(\d+)/.exec(prompt)?.[1]
    if (digit !== undefined) {
      digits += digit
      continue
    }
    if (digits !== '') words.push(digits)
    digits = ''
    words.push(prompt.replace(/^lk-/, ''))
  }
  return [...words, ...(digits === '' ? [] : [digits])].join(' ')
}
