import { join } from 'node:path'
import { locateAsterisk } from '../../src/instance/package.js'
import { rx } from '../../src/instance/remote-console.js'
import { chooseUser } from '../../src/instance/user.js'
import type { System } from './system.js'
import { until } from './until.js'

/** What Asterisk itself prints: `asterisk -rx COMMAND`. */
export async function consoleOf(system: System, command: string): Promise<string> {
  const instance = {
    package: await locateAsterisk({}),
    configFile: join(system.state, 'etc/current/asterisk.conf'),
    runDir: join(system.state, 'run'),
    user: chooseUser(),
  }
  return rx(instance, command)
}

/** `up` dies, its controller with it; Asterisk lives on, and knows it is alone. */
export async function loseController(system: System): Promise<void> {
  await system.killUp()
  await heartbeatIsStale(system)
}

/** The dialplan decides alone from now on: no controller has answered for seconds. */
export function heartbeatIsStale(system: System): Promise<true> {
  return until(
    'the heartbeat is stale',
    async () => {
      const { value } = (await system.ari('asterisk/variable?variable=LK_HB')) as {
        value: string
      }
      return Date.now() / 1000 - Number(value) > 4
    },
    { limitSeconds: 10 },
  )
}

/** The controller is killed; returns when the one that `up` starts decides calls. */
export async function replaceController(system: System): Promise<void> {
  const pid = await system.controllerPid()
  await system.killController()
  const decides = async (): Promise<boolean> => {
    const { status } = await system.get('/readyz').catch(() => ({ status: 0 }))
    return status === 200 && (await system.controllerPid()) !== pid
  }
  await until('another controller decides calls', decides, { limitSeconds: 15 })
}

/** Call slots of a line that the dialplan counts, which is all there is without controller. */
export async function slotsInDialplan(system: System, number: string): Promise<number> {
  const channels = await consoleOf(system, 'group show channels')
  const rows = channels.split('\n').map((row) => row.trim().split(/\s+/))
  return rows.filter(
    ([, group, category]) =>
      group === number && ['in', 'out', 'transfer'].includes(category ?? ''),
  ).length
}
