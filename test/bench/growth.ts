import { Estate, type Place } from './estate.js'
import { residentBytes } from './machine.js'

/** Bytes of memory for each thousand lines, and how long Asterisk takes to start. */
export interface Growth {
  readonly lines: number
  readonly asteriskBytesPerThousand: number
  readonly controllerBytesPerThousand: number
  readonly startedMs: number
  readonly dialplanReloadRatio: number
}

const FEW = 10

export async function memoryPerThousand(lines: number, place: Place): Promise<Growth> {
  const small = await sizeOf(FEW, place)
  const large = await sizeOf(lines, place)
  const thousands = (lines - FEW) / 1000
  return {
    lines,
    asteriskBytesPerThousand: (large.asterisk - small.asterisk) / thousands,
    controllerBytesPerThousand: (large.controller - small.controller) / thousands,
    startedMs: large.startedMs,
    dialplanReloadRatio: large.dialplanMs / small.dialplanMs,
  }
}

async function sizeOf(lines: number, place: Place) {
  const estate = await Estate.start(lines, place)
  try {
    await estate.startController()
    const began = performance.now()
    for (let time = 0; time < 5; time++) await estate.console('dialplan reload')
    return {
      asterisk: residentBytes(estate.pids.asterisk),
      controller: residentBytes(estate.pids.controller),
      startedMs: estate.startedMs,
      dialplanMs: (performance.now() - began) / 5,
    }
  } finally {
    await estate.close()
  }
}
