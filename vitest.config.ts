import { defineConfig } from 'vitest/config'

/** Tests that touch nothing outside the repository: milliseconds each, in parallel. */
const pureFolders = ['unit', 'scenario', 'simulation', 'golden', 'corpus']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: pureFolders.map((folder) => `test/${folder}/**/*.test.ts`),
        },
      },
      {
        // Real Asterisk, real phones. One file at a time: on a small machine two
        // systems at once would make each other's timers late.
        test: {
          name: 'asterisk',
          include: ['test/asterisk/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          retry: 0,
        },
      },
    ],
  },
})
