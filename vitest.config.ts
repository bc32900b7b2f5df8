import { defineConfig } from 'vitest/config'

/** Tests that touch nothing outside the repository: milliseconds each, in parallel. */
const pureFolders = ['unit', 'scenario', 'simulation', 'golden', 'corpus']

const realTests = ['test/asterisk/**/*.test.ts', 'test/browser/**/*.test.ts']
const undisturbed = ['beep', 'call-cost', 'chaos'].map(
  (folder) => `test/asterisk/${folder}/**/*.test.ts`,
)

function real(name: string, files: object, groupOrder: number) {
  return {
    test: {
      ...{ name, ...files, sequence: { groupOrder } },
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Phones and timers are real, and a shared machine stalls for seconds now and
      // then. What fails twice fails; the report names what needed its second try.
      retry: 1,
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          sequence: { groupOrder: 0 },
          // Random ones take long when the machine is busy with something else.
          testTimeout: 120_000,
          // By default one processor stays free, of two.
          maxWorkers: 2,
          include: pureFolders.map((folder) => `test/${folder}/**/*.test.ts`),
        },
      },
      // Real Asterisk, real phones, a real browser. These mostly wait for each other, so a
      // few files at a time, each with a system on addresses of its own.
      real('asterisk', { include: realTests, exclude: undisturbed, maxWorkers: 4 }, 1),
      // What is measured or put under load here is so without anything beside it.
      real('alone', { include: undisturbed, fileParallelism: false }, 2),
    ],
  },
})
