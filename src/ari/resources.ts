import { z } from 'zod'

/** `GET /endpoints/PJSIP`, read as the lines whose phone can be reached. */
export function readReachable(body: unknown): string[] {
  const endpoints = z.array(z.object({ resource: z.string(), state: z.string() }))
  return endpoints
    .parse(body)
    .filter(({ state }) => state === 'online')
    .map(({ resource }) => resource)
}

/** `GET /asterisk/info`, read as Asterisk's version. */
export function readVersion(body: unknown): string {
  const info = z.object({ system: z.object({ version: z.string() }) })
  return info.parse(body).system.version
}

/** `GET /applications`, read as their names. */
export function readApplications(body: unknown): string[] {
  return z
    .array(z.object({ name: z.string() }))
    .parse(body)
    .map(({ name }) => name)
}

/** `GET /api-docs/resources.json`, read as the paths of its parts. */
export function readApis(body: unknown): string[] {
  const resources = z.object({ apis: z.array(z.object({ path: z.string() })) })
  return resources.parse(body).apis.map(({ path }) => path)
}
