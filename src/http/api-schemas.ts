import { z } from 'zod'

/** The named schemas of the API: a list of its own, beside those of the site file. */
export const apiSchemas = z.registry<{ id: string; description?: string }>()

/** Gives a schema its name in the OpenAPI document. */
export function named<T extends z.ZodType>(
  id: string,
  description: string,
  schema: T,
): T {
  apiSchemas.add(schema, { id, description })
  return schema
}

/** An instant, ISO 8601 in UTC. */
export const Instant = z.string().meta({ description: 'ISO 8601, in UTC' })

/** A canonical number, or what a carrier shows. */
export const Party = z.string().nullable().meta({
  description: 'The other party’s number; null where it is not known or hidden',
})
