import { defineConfig } from 'vitest/config'

/** `npm run chaos`: faults under load, one experiment after the other, and no second try. */
export default defineConfig({
  test: {
    include: ['test/chaos/*.chaos.ts'],
    fileParallelism: false,
    // It tells itself how far it is.
    disableConsoleIntercept: true,
    testTimeout: 2_400_000,
    hookTimeout: 120_000,
  },
})
