import { expect, test } from 'vitest'
import { replay, scenarios } from './replay.js'

test.each(scenarios)('$name', async ({ path }) => {
  await expect(replay(path)).toMatchFileSnapshot(path.pathname)
})
