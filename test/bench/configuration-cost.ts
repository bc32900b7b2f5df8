import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDurably } from '../../src/config/durable-file.js'
import { placeholderDeployment } from '../../src/config/placeholder-deployment.js'
import { render } from '../../src/config/render.js'
import { checkRendered } from '../../src/config/rendered-checks.js'
import { readSiteText } from './estate.js'
import { median } from './percentile.js'
import { siteOf } from './site-of.js'

/** What the configuration of so many lines costs, in milliseconds. */
export interface ConfigurationCost {
  readonly lines: number
  readonly bytes: number
  /** From the text of the site file to the model, with all checks. */
  readonly loadMs: number
  readonly renderMs: number
  /** Reading the rendered files back and validating them. */
  readonly validateMs: number
  /** Writing the same bytes, with fsync. */
  readonly writeMs: number
}

export async function configurationCost(
  sizes: readonly number[],
): Promise<ConfigurationCost[]> {
  const costs: ConfigurationCost[] = []
  await costOf(100, 1)
  for (const lines of sizes) costs.push(await costOf(lines, lines > 20_000 ? 1 : 3))
  return costs
}

async function costOf(lines: number, times: number): Promise<ConfigurationCost> {
  const text = siteOf('127.0.0.1', lines)
  const deployment = placeholderDeployment
  const took = {
    load: [] as number[],
    render: [] as number[],
    validate: [] as number[],
    write: [] as number[],
  }
  let bytes = 0
  for (let time = 0; time < times; time++) {
    const loaded = await timed(() => readSiteText(text))
    const rendered = await timed(() => render(loaded.value, deployment))
    const validated = await timed(() => checkRendered(rendered.value))
    if (validated.value.length > 0) throw new Error('the rendered files are faulty')
    const written = await timed(() => write(rendered.value.map((file) => file.text)))
    bytes = rendered.value.reduce((sum, file) => sum + Buffer.byteLength(file.text), 0)
    took.load.push(loaded.ms)
    took.render.push(rendered.ms)
    took.validate.push(validated.ms)
    took.write.push(written.ms)
  }
  return {
    lines,
    bytes,
    loadMs: median(took.load),
    renderMs: median(took.render),
    validateMs: median(took.validate),
    writeMs: median(took.write),
  }
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ value: T; ms: number }> {
  const began = performance.now()
  const value = await work()
  return { value, ms: performance.now() - began }
}

async function write(texts: readonly string[]): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'lk-bench-'))
  try {
    for (const [index, text] of texts.entries()) {
      await writeDurably(join(dir, String(index)), text, 0o600)
    }
  } finally {
    rmSync(dir, { recursive: true })
  }
}
