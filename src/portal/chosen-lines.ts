import type { FastifyRequest } from 'fastify'
import { ownedLine, principalOf } from '../http/access.js'
import type { PortalOptions } from './portal-options.js'

/**
 * The other lines ticked in a form (spec A15), by canonical number. A number that is
 * not his is not there; a form of ours has none.
 */
export function chosenOthers(
  request: FastifyRequest,
  { controller }: PortalOptions,
  also: string | readonly string[] | undefined,
): string[] {
  const principal = principalOf(request)
  return [...new Set([also ?? []].flat())].flatMap(
    (number) => ownedLine(principal, number, controller) ?? [],
  )
}
