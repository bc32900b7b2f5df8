/** Whether the controller decides calls; at the address its deployed site names. */
import { readFileSync } from 'node:fs'

const { LINEKEEPER_DIR: dir = '/var/lib/linekeeper' } = process.env
const site = readFileSync(`${dir}/etc/current/site.yaml`, 'utf8')
const [, address] = /^http:\s*["']?([\d.]+:\d+)/m.exec(site) ?? []
const answer = await fetch(`http://${address}/readyz`)
process.exitCode = answer.ok ? 0 : 1
