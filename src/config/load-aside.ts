import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Line } from '../model/line.js'
import { Secret } from '../model/secret.js'
import type { Site } from '../model/site.js'
import { areEqual } from './equal-values.js'
import type { Loaded, Located } from './load.js'

/**
 * What the thread says: the lines some at a time, then the site without them. Secrets
 * are wrapped: what is sent to another thread loses its class.
 */
export type LoadMessage =
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  | { readonly kind: 'site'; readonly site: Site; readonly warnings: readonly Located[] }
  | { readonly kind: 'refused'; readonly findings: readonly Located[] }

/**
 * The same as loadSite, in a thread of its own: ten thousand lines take a second, and in
 * the thread that answers calls every caller would wait for them. A line that is as it
 * was `before` is the very same object: memory holds it once, and who compares is quick.
 */
export async function loadSiteAside(path: string, before?: Site): Promise<Loaded> {
  const known = new Map(before?.lines.map((line) => [line.number, line]))
  const same = (line: Line): Line => {
    const old = known.get(line.number)
    return old && areEqual(old, line) ? old : line
  }
  const worker = new Worker(new URL('./load-worker.js', import.meta.url), {
    workerData: path,
  })
  const lines: Line[] = []
  let loaded: Loaded | undefined
  worker.on('message', (message: LoadMessage) => {
    eachObject(message, unwrapSecrets)
    if (message.kind === 'lines') {
      lines.push(...message.lines.map(same))
      // Whoever else waits for this thread comes first.
      setImmediate(() => worker.postMessage('taken'))
    }
    if (message.kind === 'refused') loaded = message
    if (message.kind === 'site') loaded = { ...message, site: { ...message.site, lines } }
  })
  // Rejects when the thread dies of a bug.
  await once(worker, 'exit')
  if (!loaded) throw new Error(`loadSiteAside: ${path}: the thread has said nothing`)
  return loaded
}

/** Makes a message fit to be sent, in place. */
export function wrapped(message: LoadMessage): LoadMessage {
  eachObject(message, wrapSecrets)
  return message
}

const Wrapped = z.strictObject({ $secret: z.string() })

function wrapSecrets(object: object): void {
  for (const [key, value] of Object.entries(object)) {
    if (value instanceof Secret) Reflect.set(object, key, { $secret: value.reveal() })
  }
}

function unwrapSecrets(object: object): void {
  for (const [key, value] of Object.entries(object)) {
    if (typeof value !== 'object' || value === null || !('$secret' in value)) continue
    Reflect.set(object, key, new Secret(Wrapped.parse(value).$secret))
  }
}

function eachObject(value: unknown, visit: (object: object) => void): void {
  if (typeof value !== 'object' || value === null || value instanceof Secret) return
  visit(value)
  for (const inner of Object.values(value)) eachObject(inner, visit)
}
