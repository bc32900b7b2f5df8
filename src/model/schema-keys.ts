import { z } from 'zod'
import type { Path } from './finding.js'

/** The keys that a schema knows at a place of the document, for "did you mean". */
export function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  return schemasAt(schema, path).flatMap((each) =>
    each instanceof z.core.$ZodObject ? Object.keys(each._zod.def.shape) : [],
  )
}

/** What may stand at a place of the document; nothing where no key leads. */
export function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  let here = unwrapped(schema)
  for (const step of path) here = here.flatMap((each) => below(each, step))
  return here
}

/** The schema without its defaults and transforms; a union stands for all its members. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodUnion)
    return schema._zod.def.options.flatMap(unwrapped)
  if (schema instanceof z.core.$ZodPipe) return unwrapped(schema._zod.def.in)
  if (
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault
  ) {
    return unwrapped(schema._zod.def.innerType)
  }
  return [schema]
}

function below(schema: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodArray) return unwrapped(schema._zod.def.element)
  if (schema instanceof z.core.$ZodRecord) return unwrapped(schema._zod.def.valueType)
  if (schema instanceof z.core.$ZodObject) {
    const { shape } = schema._zod.def
    const value = Object.hasOwn(shape, step) ? shape[step] : undefined
    return value ? unwrapped(value) : []
  }
  return []
}
