import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const Compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      logging: z.object({
        driver: z.literal('json-file'),
        options: z.object({
          'max-size': z.string().regex(/^\d+m$/),
          'max-file': z.string().regex(/^\d+$/),
        }),
      }),
    }),
  ),
})

it('what a container prints is cut at 100 MB', () => {
  const file = join(import.meta.dirname, '../../../docker/compose.yaml')
  const read: unknown = parse(readFileSync(file, 'utf8'))
  for (const { logging } of Object.values(Compose.parse(read).services)) {
    const { 'max-size': size, 'max-file': files } = logging.options
    expect(Number.parseInt(size, 10) * Number(files)).toBe(100)
  }
})
