import type { Draft } from './draft.js'
import { type Finding, finding, type Path } from './finding.js'
import type { Code } from './finding-codes.js'
import { printPath } from './refusal.js'

interface Named {
  /** What must be unique. */
  readonly key: string
  readonly path: Path
}

/** One finding per repetition, each naming the first place too. */
function repeated(
  code: Code,
  named: readonly Named[],
  what: (key: string) => string,
): Finding[] {
  const first = new Map<string, Path>()
  return named.flatMap(({ key, path }) => {
    const also = first.get(key)
    if (!also) {
      first.set(key, path)
      return []
    }
    const message = `${what(key)} is declared twice: ${printPath(also)} and ${printPath(path)}`
    return [finding(code, path, message, also)]
  })
}

/** A number rings one line, so lines and aliases share one name space. */
export function duplicateNumbers({ owners }: Draft): Finding[] {
  const named = owners.map(({ number, path }) => ({ key: number, path }))
  return repeated('number.duplicate', named, (number) => number)
}

/**
 * A short number is unique for whom it serves: a line, a group or everyone. One of
 * everyone may not be hidden by one of a group.
 */
export function duplicateShortNumbers({ shortNumbers }: Draft): Finding[] {
  const named = shortNumbers.map(({ path, value }) => ({
    key: `${value.number} ${value.line ?? value.group ?? ''}`,
    path: [...path, 'number'],
    value,
  }))
  const forAll = new Map(
    named
      .filter(({ key }) => key.endsWith(' '))
      .map(({ value, path }) => [value.number, path]),
  )
  const hidden = named.flatMap(({ value, path }) => {
    const also = value.group === undefined ? undefined : forAll.get(value.number)
    if (!also) return []
    const message = `short number ${value.number} of group ${value.group} is also everyone's`
    return [finding('number.duplicate', path, message, also)]
  })
  const twice = repeated(
    'number.duplicate',
    named,
    (key) => `short number ${key.trim().replace(' ', ' of ')}`,
  )
  return [...twice, ...hidden]
}

export function duplicateTrunks({ trunks }: Draft): Finding[] {
  const named = trunks.map(({ path, value }) => ({
    key: value.name,
    path: [...path, 'name'],
  }))
  return repeated('id.duplicate', named, (name) => `trunk ${name}`)
}
