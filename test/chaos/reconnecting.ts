import { until } from '../rig/until.js'
import type { Estate } from './estate.js'

/**
 * Milliseconds from a fault of the connection until calls are decided over a new one. By the
 * controller's word: while it has not noticed, it says that it decides.
 */
export async function reconnects(
  { system }: Estate,
  fault: () => unknown,
): Promise<number> {
  const standing = async () => {
    const { body } = await system.get('/api/v1/status')
    return (body as { asterisk: { connected: boolean; since: string } }).asterisk
  }
  const { since: before } = await standing()
  await fault()
  const begun = Date.now()
  await until(
    'calls are decided over a new connection',
    async () => {
      const { connected, since } = await standing()
      return connected && since !== before
    },
    { limitSeconds: 30 },
  )
  return Date.now() - begun
}
