import { afterAll, expect, test } from 'vitest'
import { experiments } from '../../chaos/experiments.js'
import { runExperiment } from '../../chaos/report.js'
import { endSharedEstate } from '../../chaos/shared-estate.js'

/** The quick half of `npm run chaos`: seconds of each fault, another seed every time. */
const seed = Date.now() % 1_000_000
const quick = experiments.filter((experiment) => experiment.quick)

afterAll(() => endSharedEstate())

test.each(quick.map((experiment) => [experiment.name, experiment] as const))(
  '%s',
  async (_name, experiment) => {
    const { pass, measured } = await runExperiment(experiment, { size: 'quick', seed })
    expect(pass, `seed ${seed}: ${JSON.stringify(measured)}`).toBe(true)
  },
)
