import { open } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** Reads what Asterisk has logged since a moment. */
export interface LogMark {
  /** Remembers where the log ends now. */
  mark(): Promise<void>
  /** The complaints about configuration logged since, as Asterisk worded them. */
  refusals(): Promise<readonly string[]>
}

/** The log is written by a thread of its own, a little after the answer to a reload. */
const QUIET_MS = 25
const LIMIT_MS = 500
/** Of a file with thousands of mistakes the first say enough. */
const MOST_LINES = 20

/**
 * An endpoint that already exists keeps its old version when its new one is refused
 * (L13): it is there, by name, and only the log tells that it is not what was asked.
 */
export function logMark(path: string): LogMark {
  let from = 0
  return {
    mark: async () => {
      from = await sizeOf(path)
    },
    refusals: async () => {
      await untilQuiet(path)
      const text = await readFrom(path, from)
      return text.split('\n').filter(isRefusal).slice(0, MOST_LINES)
    },
  }
}

/**
 * Warnings and errors of the sources that read configuration; calls and phones
 * cause others at the same time.
 */
function isRefusal(line: string): boolean {
  const [, source] = LOG_LINE.exec(line) ?? []
  return source !== undefined && READS_CONFIGURATION.test(source)
}

const LOG_LINE = /\] (?:ERROR|WARNING)\[\d+\](?:\[[^\]]*\])?:? ([\w.-]+\.c)\b/
const READS_CONFIGURATION =
  /^(?:config|config_options|res_sorcery_config|pbx_config|config_\w+|pjsip_configuration|location|res_pjsip_endpoint_identifier_ip)\.c$/

async function untilQuiet(path: string): Promise<void> {
  const end = Date.now() + LIMIT_MS
  let size = await sizeOf(path)
  while (Date.now() < end) {
    await pause(QUIET_MS)
    const now = await sizeOf(path)
    if (now === size) return
    size = now
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await readLog(path, async (file) => (await file.stat()).size)) ?? 0
}

/** From the start when the log was rotated meanwhile. */
async function readFrom(path: string, from: number): Promise<string> {
  const text = await readLog(path, async (file) => {
    const { size } = await file.stat()
    const start = size < from ? 0 : from
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(size - start, MOST_BYTES)),
      position: start,
    })
    return buffer.toString('utf8', 0, bytesRead)
  })
  return text ?? ''
}

const MOST_BYTES = 1_000_000

type LogFile = Awaited<ReturnType<typeof open>>

/** Undefined when there is no log: then only what Asterisk shows can be judged. */
async function readLog<T>(
  path: string,
  read: (file: LogFile) => Promise<T>,
): Promise<T | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return undefined
    throw error
  })
  if (!file) return undefined
  try {
    return await read(file)
  } finally {
    await file.close()
  }
}
