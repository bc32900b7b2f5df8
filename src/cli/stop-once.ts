import type { Logger } from 'pino'
import { EXIT } from './exit.js'

/**
 * SIGTERM and SIGINT end the process by `stop`, once, and its exit code says whether that
 * was clean. Returns what does the same for another reason.
 */
export function stopOnce(
  stop: () => Promise<void>,
  { log, unclean }: { readonly log: Logger; readonly unclean: string },
): () => void {
  let stopping = false
  const end = (): void => {
    if (stopping) return
    stopping = true
    stop().then(
      () => process.exit(EXIT.ok),
      (error: unknown) => {
        log.error({ err: error }, unclean)
        process.exit(EXIT.failed)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  return end
}
