import { isIP } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Problem } from './problem.js'

/**
 * Answers nobody who asks for another server (RFC 9110 §15.5.20): a page elsewhere whose
 * name is made to lead here would else be of the same origin as ours (H13). An address is
 * no such name. `names` are those of the site; `open` routes answer under any.
 */
export function refuseForeignHosts(
  server: FastifyInstance,
  names: () => readonly string[],
  open: ReadonlySet<string>,
): void {
  server.addHook('onRequest', ({ hostname, routeOptions }, _reply, next) => {
    const isOpen = open.has(routeOptions.url ?? '')
    next(isOpen || isOwn(hostname, names()) ? undefined : misdirected())
  })
}

/** The name is not repeated: what a client sends is in no answer. */
function misdirected(): Problem {
  const detail =
    'nobody has this name here: use the address, or add the name to webNames in the site file'
  return new Problem(421, 'misdirected-request', detail)
}

function isOwn(hostname: string, names: readonly string[]): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '')
  // HTTP/1.0 knows no Host, and no browser speaks it.
  if (name === '' || name === 'localhost') return true
  const address = name.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) !== 0 || names.includes(name)
}
