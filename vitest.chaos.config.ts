import { defineConfig } from 'vitest/config'

/** `npm run chaos`: faults under load, one experiment after the other, and no second try. */
export default defineConfig({
  test: {
    include: ['test/chaos/*.chaos.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
})
