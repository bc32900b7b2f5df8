import { defineConfig } from 'vitest/config'

/** Tests that touch nothing outside the repository: milliseconds each, in parallel. */
const pureFolders = ['unit', 'scenario', 'simulation', 'golden', 'corpus']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          sequence: { groupOrder: 0 },
          // Random ones take seconds when the machine is busy with something else.
          testTimeout: 30_000,
          include: pureFolders.map((folder) => `test/${folder}/**/*.test.ts`),
        },
      },
      {
        // Real Asterisk, real phones, a real browser. After the others and one file at a time: on a
        // small machine, work beside them would make their timers late.
        test: {
          name: 'asterisk',
          include: ['test/asterisk/**/*.test.ts', 'test/browser/**/*.test.ts'],
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Phones and timers are real, and a shared machine stalls for seconds now and
          // then. What fails twice fails; the report names what needed its second try.
          retry: 1,
        },
      },
    ],
  },
})
