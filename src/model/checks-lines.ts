import type { Draft } from './draft.js'
import { type Finding, finding, type Path } from './finding.js'

/** Secrets made of the line's own number are the first a stranger tries (T03, T32). */
export function guessableSecrets({ lines }: Pick<Draft, 'lines'>): Finding[] {
  return lines.flatMap(({ path, value: { number, password, voicemail, lock } }) => {
    const found: Finding[] = []
    if (password.reveal().includes(number.slice(-9))) {
      const message = `the password of line ${number} contains its number`
      found.push(finding('secret.weak', [...path, 'password'], message))
    }
    for (const [key, pin] of [
      [['voicemail', 'pin'], voicemail?.pin],
      [['voicemail', 'remotePassword'], voicemail?.remotePassword],
      [['lock', 'pin'], lock?.pin],
    ] as const) {
      if (!pin || !number.includes(pin.reveal())) continue
      const message = `the ${key[0]} PIN of line ${number} is part of its number`
      found.push(finding('pin.weak', [...path, ...key], message))
    }
    return found
  })
}

/** One stolen password must not open two lines. */
export function sharedSecrets({ lines }: Draft): Finding[] {
  const first = new Map<string, Path>()
  return lines.flatMap(({ path, value }) => {
    const here = [...path, 'password']
    const also = first.get(value.password.reveal())
    if (!also) {
      first.set(value.password.reveal(), here)
      return []
    }
    const message = `line ${value.number} has the password of another line`
    return [finding('secret.reused', here, message, also)]
  })
}

/** A phone that ignores the headers of an intercom call just rings (row Y28). */
export function intercomPhones({ lines }: Draft): Finding[] {
  return lines.flatMap(({ path, value }) => {
    if (!value.intercom || value.phone?.intercom !== false) return []
    const message = `the phone of line ${value.number} cannot answer by itself`
    return [finding('intercom.phone', [...path, 'intercom'], message)]
  })
}

export function openNetworks({ lines }: Draft): Finding[] {
  return lines.flatMap(({ path, value }) =>
    value.allowedNetworks.flatMap((network, at) => {
      if (!network.endsWith('/0')) return []
      const message = `line ${value.number} may register from everywhere`
      return [finding('acl.open', [...path, 'allowedNetworks', at], message)]
    }),
  )
}

export function atLeastOneLine({ lines, owners }: Draft): Finding[] {
  if (lines.length > 0 || owners.length > 0) return []
  return [finding('lines.none', ['lines'], 'the site has no line')]
}
