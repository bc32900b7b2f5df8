import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { loadSite } from './load.js'
import { type LoadMessage, wrapped } from './load-aside.js'

/*
 * The thread of loadSiteAside. It sends the lines some at a time, so that the one that
 * answers calls never works on many at once.
 */

const AT_ONCE = 500

const loaded = await loadSite(z.string().parse(workerData))
if (loaded.kind === 'refused') send(loaded)
else {
  const { lines } = loaded.site
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    send({ kind: 'lines', lines: lines.slice(at, at + AT_ONCE) })
  }
  const { warnings } = loaded
  send({ kind: 'site', site: { ...loaded.site, lines: [] }, warnings })
}

function send(message: LoadMessage): void {
  parentPort?.postMessage(wrapped(message))
}
