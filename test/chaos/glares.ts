import { setTimeout as pause } from 'node:timers/promises'
import { type Estate, signedIn } from './estate.js'
import type { Experiment, Outcome, Setting } from './experiment.js'
import { onEstate } from './shared-estate.js'
import { Traffic } from './traffic.js'

/** As many phones that transfer, each to a line of its own. */
const CALLED = 5

const TRANSFERS = { port: 5_060, answersNotify: true } as const

/** The lines of an estate by their part: who calls has a call to spare, who is called none. */
function parts({ limits }: Estate) {
  const withLimit = (wanted: number): string[] =>
    [...limits].flatMap(([line, limit]) => (limit === wanted ? [line] : []))
  return { called: withLimit(2), callers: withLimit(3), targets: withLimit(4) }
}

async function glare(setting: Setting, estate: Estate): Promise<Outcome> {
  const { network } = estate.system
  const { called, callers, targets } = parts(estate)
  const target = new Traffic({
    ...{ scenario: 'glare-target', address: network.peer(60) },
    ...TRANSFERS,
  })
  await estate.registerAt(network.peer(60), targets)
  const phones: Traffic[] = [target]
  for (let at = 0; at < CALLED; at++) {
    const address = network.peer(61 + at)
    const keys = { target: targets[at] ?? '' }
    phones.push(new Traffic({ scenario: 'glare-called', address, ...TRANSFERS, keys }))
    const own = called.filter((_line, index) => index % CALLED === at)
    await estate.registerAt(address, own)
  }
  const wanted = setting.sized(20, 100, 2_050)
  const caller = new Traffic({
    ...{ scenario: 'glare-caller', address: network.peer(70), ...TRANSFERS },
    ...{ remote: `${network.system}:5060`, calls: wanted, rate: callers.length / 1.3 },
    rows: callers.map((line, at) => {
      const target = CALLED + (at % (targets.length - CALLED))
      return `${signedIn(line)};${called[at % called.length]};${targets[target]}`
    }),
  })
  try {
    while (!caller.ended) {
      await pause(500)
      setting.tell(`${caller.counted().created} of ${wanted}`)
    }
    const { created, failed } = caller.counted()
    const settledMs = await estate.settled(15)
    const refers = (each: Traffic): number =>
      each.noted().filter(({ sent, line }) => sent && line.startsWith('REFER ')).length
    const byCalled = phones.reduce((sum, phone) => sum + refers(phone), 0)
    const noted = phones.flatMap((phone) => phone.noted())
    const accepted = [...noted, ...caller.noted()].filter(
      ({ sent, line }) => !sent && line.startsWith('SIP/2.0 202'),
    ).length
    const { overLimit } = estate.judge([], [], { phones: noted })
    if (failed > 0)
      process.stdout.write(
        caller.printed().slice(-3500) +
          phones.map((p) => p.printed().slice(-1500)).join('\n=====\n'),
      )
    const glares = Math.min(refers(caller), byCalled)
    return {
      pass: overLimit === 0 && failed === 0 && glares > 0,
      measured: { glares, calls: created, accepted, wrong: failed, overLimit, settledMs },
    }
  } finally {
    for (const each of [...phones, caller]) await each.close()
  }
}

export const transferGlares: Experiment = {
  name: 'glares',
  goals: 'R16 F24',
  fault: 'both ends of a call transfer each other in the same moment',
  target: 'whoever is first; 0 over the limit, 0 left',
  quick: false,
  run: (setting) =>
    onEstate(setting, (estate) => glare(setting, estate), {
      lines: setting.sized(24, 60, 120),
      alone: true,
    }),
}
