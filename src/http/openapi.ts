import swagger from '@fastify/swagger'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { z } from 'zod'
import { version } from '../version.js'
import { apiSchemas } from './api-schemas.js'

/** Where a route is added: its types come from its schema. */
export type Routes = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Requests are read by zod; the document is made of the same schemas. */
export function documented(server: FastifyInstance): Routes {
  server.setValidatorCompiler(validatorCompiler)
  // Answers are our own views. A test compares each with its schema; at run time
  // that would cost more than the answer.
  server.setSerializerCompiler(() => (body) => JSON.stringify(body))
  const zodToJsonConfig = { override: describe }
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'linekeeper',
        version,
        description:
          'Telephone lines and their calls. Errors are application/problem+json with a ' +
          'stable type. Fields may be added to any answer. What a customer has no right to ' +
          'looks as if it were not there. A line and its settings carry an ETag: a change ' +
          'with If-Match is refused (412) when somebody else was faster. A POST with an ' +
          'Idempotency-Key is performed once, however often it is sent.',
      },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description:
              'The token in the file api-token of the state folder, or one that was made by ' +
              'linekeeper token add',
          },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry: apiSchemas, zodToJsonConfig }),
    transformObject: createJsonSchemaTransformObject({
      schemaRegistry: apiSchemas,
      zodToJsonConfig,
    }),
  })
  return server.withTypeProvider<ZodTypeProvider>()
}

/** Fields keep their descriptions, which are not in our list; what we send may grow. */
function describe({
  zodSchema,
  jsonSchema,
}: Parameters<NonNullable<z.core.JSONSchemaGeneratorParams['override']>>[0]): void {
  const description = z.globalRegistry.get(zodSchema)?.description
  if (description !== undefined) jsonSchema.description ??= description
  const { def } = zodSchema._zod
  if (def.type === 'object' && !def.catchall) delete jsonSchema.additionalProperties
}

/** `GET /api/v1/openapi.json`. */
export function openApiRoute(routes: Routes): void {
  const schema = { hide: true }
  routes.get('/openapi.json', { schema }, () => withoutUnused(routes.swagger()))
}

/** A named schema is in the document twice, as read and as sent; we only send. */
function withoutUnused(document: object): object {
  const components = objectIn(document, 'components')
  const schemas = objectIn(components, 'schemas')
  const isUsed = ([name]: [string, unknown]): boolean =>
    JSON.stringify({ ...document, components: used }).includes(
      `"#/components/schemas/${name}"`,
    )
  let used = Object.entries(schemas)
  for (let before = -1; before !== used.length; ) {
    before = used.length
    used = used.filter(isUsed)
  }
  return { ...document, components: { ...components, schemas: Object.fromEntries(used) } }
}

function objectIn(parent: object, key: string): object {
  const found: unknown = Object.entries(parent).find(([name]) => name === key)?.[1]
  return typeof found === 'object' && found !== null ? found : {}
}
