import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { loadSite } from './load.js'
import { type LoadMessage, wrapped } from './load-aside.js'

/*
 * The thread of loadSiteAside. It sends the lines some at a time, and the next when those
 * are taken: what waits in the port is taken all at once, and calls would wait for it.
 */

const AT_ONCE = 100

const loaded = await loadSite(z.string().parse(workerData))
if (loaded.kind === 'refused') send(loaded)
else {
  const { lines } = loaded.site
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    send({ kind: 'lines', lines: lines.slice(at, at + AT_ONCE) })
    if (parentPort) await once(parentPort, 'message')
  }
  const { warnings } = loaded
  send({ kind: 'site', site: { ...loaded.site, lines: [] }, warnings })
}

function send(message: LoadMessage): void {
  parentPort?.postMessage(wrapped(message))
}
