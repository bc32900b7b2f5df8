import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const systemd = join(import.meta.dirname, '../../../ops/systemd')

const units = readdirSync(systemd).filter((name) => !name.endsWith('.sh'))

it.each(units)('%s has what a unit needs, once each', (name) => {
  const lines = readFileSync(join(systemd, name), 'utf8').split('\n')
  const keys = lines.flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? [])
  const repeatable = ['ExecStart', 'ExecStartPost', 'After']
  const twice = keys.filter(
    (key, at) => keys.indexOf(key) !== at && !repeatable.includes(key),
  )
  expect(twice).toEqual([])
  const service = name.replace('.timer', '.service')
  expect(existsSync(join(systemd, service))).toBe(true)
  if (name.endsWith('.service')) expect(keys).toContain('ExecStart')
})
