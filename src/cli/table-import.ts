import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { EnvironmentError } from '../instance/environment-error.js'
import { ApiRefusal, apiClient } from './api-client.js'

/** Where a command finds the controller, and how it prints. */
export interface Where {
  readonly dir: string
  readonly json?: true
}

const Imported = z.object({
  rows: z.number(),
  separator: z.string(),
  encoding: z.string(),
  changed: z.boolean(),
  applied: z.boolean(),
})

/** A table with mistakes: nothing of it was imported. */
export class TableRefused extends Error {
  override name = 'TableRefused'
}

/** Sends a table as it is; the controller finds out how the spreadsheet wrote it. */
export async function importTable(
  path: string,
  file: string,
  { dir, json, preview }: Where & { readonly preview?: true },
): Promise<void> {
  const bytes = readSent(file)
  const asked = `${path}${path.includes('?') ? '&' : '?'}preview=${preview === true}`
  const client = await apiClient(dir)
  const body = await client.upload(asked, 'text/csv', bytes).catch(refusedAs)
  if (json) {
    console.log(JSON.stringify(body, undefined, 2))
    return
  }
  const { rows, separator, encoding, changed, applied } = Imported.parse(body)
  const read = `${rows} rows, separator ${separator}, ${encoding}`
  if (preview) console.log(`${read}: nothing is wrong with them; nothing was changed`)
  else console.log(`${read}: ${changed ? 'imported' : 'it was so already'}`)
  if (!preview && !applied) console.log('Asterisk does not answer, and gets them later')
}

/** Writes a table to a file, or to stdout for `-`. */
export async function exportTable(
  path: string,
  file: string,
  { dir }: Where,
): Promise<void> {
  const bytes = await (await apiClient(dir)).download(path)
  if (file === '-') process.stdout.write(bytes)
  else writeFileSync(file, bytes)
}

/** A table is a file like the site file, and two imports at once are a matter of time. */
function refusedAs(error: unknown): never {
  if (!(error instanceof ApiRefusal)) throw error
  if ([413, 422].includes(error.status)) throw new TableRefused(error.message)
  if (error.status === 409) throw new EnvironmentError('locked', error.message)
  throw error
}

/** What is sent to the controller; `-` is standard input. */
export function readSent(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EnvironmentError('file.unreadable', `${file}: ${reason}`)
  }
}
