import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { Recorder } from '../http/recorder.js'

/** What `ops/` asks Prometheus for, against what the controller really tells it. */
const read = (path: string): string =>
  readFileSync(join(import.meta.dirname, '../../../ops', path), 'utf8')

const Dashboard = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string() })).min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
    }),
  ),
})

const Rule = z.strictObject({
  alert: z.string().regex(/^Linekeeper[A-Z]/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+[sm]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string(), action: z.string() }),
})
const Rules = z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) })

const { panels } = Dashboard.parse(JSON.parse(read('grafana/linekeeper.json')))
const rules = Rules.parse(parse(read('prometheus/alerts.yaml'))).groups.flatMap(
  (group) => group.rules,
)
const asked = [
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ where: title, expr })),
  ),
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
]

/** Names as they are scraped, and the labels each has; a histogram has three. */
async function known(): Promise<Map<string, readonly string[]>> {
  const { registry } = new Recorder().metrics
  const declared = registry.getMetricsAsArray()
  const labels = new Map(
    declared.map((metric) => [
      metric.name,
      'labelNames' in metric ? z.array(z.string()).parse(metric.labelNames) : [],
    ]),
  )
  const text = await registry.metrics()
  const scraped = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(
    ([, name = '', type]): [string, readonly string[]][] => {
      const own = labels.get(name) ?? []
      if (type !== 'histogram') return [[name, own]]
      return [
        [`${name}_bucket`, [...own, 'le']],
        [`${name}_count`, own],
        [`${name}_sum`, own],
      ]
    },
  )
  return new Map(scraped)
}

/** What Prometheus itself adds to every series. */
const added = ['job', 'instance']

it('every metric that is asked for is told, with the labels it is chosen by', async () => {
  const metrics = await known()
  const wrong = asked.flatMap(({ where, expr }) =>
    [...expr.matchAll(/\b((?:linekeeper|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].flatMap(
      ([, name = '', chosen = '']) => {
        const labels = metrics.get(name)
        if (!labels) return [`${where}: ${name} is no metric`]
        return [...chosen.matchAll(/(\w+)\s*=/g)]
          .map(([, label = '']) => label)
          .filter((label) => ![...labels, ...added].includes(label))
          .map((label) => `${where}: ${name} has no label ${label}`)
      },
    ),
  )
  expect(wrong).toEqual([])
})

it('every metric of our own has its place on the dashboard', async () => {
  const shown = panels
    .flatMap(({ targets }) => targets.map(({ expr }) => expr))
    .join('\n')
  const missing = [...(await known()).keys()]
    .map((name) => name.replace(/_(?:bucket|count|sum)$/, ''))
    .filter((name) => name.startsWith('linekeeper_') && !shown.includes(name))
  expect(missing).toEqual([])
})

it('no two panels of the dashboard lie on each other', () => {
  const overlaps = panels.flatMap(({ title, gridPos: one }, index) =>
    panels
      .slice(index + 1)
      .filter(
        ({ gridPos: other }) =>
          one.x < other.x + other.w &&
          other.x < one.x + one.w &&
          one.y < other.y + other.h &&
          other.y < one.y + one.h,
      )
      .map((other) => `${title}, ${other.title}`),
  )
  expect(overlaps).toEqual([])
})

it('an alert that looks for a first rise finds its counter at 0 from the beginning', async () => {
  const text = await new Recorder().metrics.registry.metrics()
  const counted = rules.flatMap(({ expr }) => [
    ...expr.matchAll(/increase\((linekeeper_\w+\{\w+="\w+"\})/g),
  ])
  expect(counted.length).toBeGreaterThan(0)
  for (const [, series = ''] of counted) expect(text).toContain(`${series} 0\n`)
})

it('each alert has its rehearsal, in which it fires', () => {
  const rehearsed = read('prometheus/alerts.test.yaml')
  const missing = rules
    .map(({ alert }) => alert)
    .filter((alert) => !rehearsed.includes(`alertname="${alert}", instance=`))
  expect(missing).toEqual([])
})
