import { setTimeout as pause } from 'node:timers/promises'
import type { Setting } from './experiment.js'
import type { Traffic } from './traffic.js'

/** A fault so many times, with a pause at random before each; the calls end with the last. */
export async function again(
  { random, tell }: Setting,
  calls: Traffic,
  times: number,
  [shortestMs, longestMs]: readonly [number, number],
  fault: (nth: number) => Promise<void>,
): Promise<number> {
  let done = 0
  while (done < times && !calls.ended) {
    await pause(random.between(shortestMs, longestMs))
    await fault(done)
    done += 1
    tell(`${done} of ${times}`)
  }
  // What comes after the last is no less looked at.
  await pause(1_000)
  calls.stop()
  return done
}
