import { renameSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { AsteriskBook } from './asterisk-book.js'
import { CALL_DETAIL_TABLES, CallDetails } from './call-details.js'
import type { Asked, Told } from './call-log.js'
import { openStore, StoreLost } from './database.js'
import type { Salvaged } from './salvage.js'

/*
 * The thread of the call records: a sync of the disk may take as long as it likes here,
 * without a call waiting for it.
 */

const { file, book: bookFile } = z
  .object({ file: z.string(), book: z.string() })
  .parse(workerData)

/** Asterisk writes a call down a moment after its end, and in several lines. */
const READ_BOOK_EVERY_MS = 10_000

const details = new CallDetails(open())
const book = new AsteriskBook(bookFile, details)

parentPort?.on('message', (asked: Asked) => {
  tell(answer(asked))
  if (asked.what.kind === 'close') process.exit(0)
})
setInterval(readBook, READ_BOOK_EVERY_MS).unref()

function answer({ id, what }: Asked): Told {
  try {
    switch (what.kind) {
      case 'write':
        details.write(what.details)
        return { id, done: [] }
      case 'matching':
        return { id, done: details.matching(what.filter) }
      case 'open':
        return { id, done: details.open() }
      case 'older':
        return { id, count: details.older(what.before, what.forget), done: [] }
      case 'close':
        details.close()
        return { id, done: [] }
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { id, failed: error.message }
  }
}

function readBook(): void {
  try {
    const found = book.readOn()
    if (found.length > 0) tell({ found })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    tell({ failed: `Asterisk's own book: ${error.message}` })
  }
}

function tell(told: Told): void {
  parentPort?.postMessage(told)
}

/** Damaged records must not keep calls from being recorded: the file is put aside. */
function open(): ReturnType<typeof openStore> {
  const salvaged = (what: Salvaged): void =>
    tell({
      failed: `${file} was damaged: ${what.rows} rows are saved, the rest is in ${what.aside}`,
    })
  try {
    return openStore(file, CALL_DETAIL_TABLES, salvaged)
  } catch (error) {
    if (!(error instanceof StoreLost)) throw error
    renameSync(file, `${file}.${Date.now()}.corrupt`)
    tell({ failed: `${error.message}. It is put aside, and another is begun` })
    return openStore(file, CALL_DETAIL_TABLES)
  }
}
