declare module 'fastify' {
  interface FastifyInstance {
    /** Everything that is answered here. */
    routeTable: RouteTable
  }
}

/** Which methods an address has: fastify calls another method of a known address unknown. */
export class RouteTable {
  readonly #methods = new Map<string, Set<string>>()

  add(method: string | readonly string[], route: string): void {
    const methods = this.#methods.get(route) ?? new Set()
    for (const each of [method].flat()) methods.add(each)
    this.#methods.set(route, methods)
  }

  /** `GET /api/v1/lines/:number` and so on. */
  all(): readonly string[] {
    return [...this.#methods].flatMap(([route, methods]) =>
      [...methods].map((method) => `${method} ${route}`),
    )
  }

  methodsOf(url: string): readonly string[] {
    const [path = ''] = url.split('?')
    const found = [...this.#methods].find(([route]) => matches(route, path))
    return found ? [...found[1]].sort() : []
  }
}

/** A part that begins with a colon stands for any. */
function matches(route: string, path: string): boolean {
  const [wanted, given] = [route.split('/'), path.split('/')]
  if (wanted.length !== given.length) return false
  return wanted.every(
    (part, at) => part === given[at] || (part.startsWith(':') && given[at] !== ''),
  )
}
