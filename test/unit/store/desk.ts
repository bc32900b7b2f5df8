import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Site } from '../../../src/model/site.js'
import { ContractDesk } from '../../../src/store/contract-desk.js'
import { type Database, openStore, storeFile } from '../../../src/store/database.js'
import { journalOf } from '../../../src/store/journal.js'
import { tables } from '../../../src/store/tables.js'
import type { Contract } from '../../../src/subscription/contract.js'
import { exampleSite } from '../http/example-site.js'
import { instant } from '../subscription/site.js'

/** Lines of the example site: Entreprise with 3, Entreprise with 2, Découverte. */
export const [three, two, one] = [
  '0033972100001',
  '0033972100002',
  '0033972100003',
] as const

export const by = { door: 'api', who: 'test' } as const

/** A desk on a store of its own, with a calendar that stands where it is put. */
export class TestDesk {
  readonly dir = mkdtempSync(join(tmpdir(), 'lk-desk-'))
  site: Site = exampleSite()
  nowMs = instant('2026-01-10')
  /** What calls were told to go by, in order. */
  readonly told: [line: string, contract: Contract][] = []
  readonly impossible: string[] = []
  #database: Database | undefined

  get database(): Database {
    this.#database ??= openStore(storeFile(this.dir), tables)
    return this.#database
  }

  /** A desk as a controller opens it when it starts. */
  open(database = this.database): ContractDesk {
    return new ContractDesk({
      database,
      site: this.site,
      now: () => this.nowMs,
      onContracts: (contracts) => {
        this.told.push(...contracts)
        return Promise.resolve()
      },
      onImpossible: (task, why) => this.impossible.push(`${task.line} ${why}`),
    })
  }

  at(text: string): void {
    this.nowMs = instant(text)
  }

  /** The process dies: what is not committed is gone. */
  kill(): void {
    // The locks of a dead process are gone as well.
    if (this.#database?.inTransaction) this.#database.exec('ROLLBACK')
    this.#database?.close()
    this.#database = undefined
  }

  /** How often the contract of a line was written. */
  changesOf(line: string): unknown[] {
    return journalOf(this.database, line, 100)
      .filter(({ key }) => key === 'contract')
      .map(({ after }) => after)
      .reverse()
  }

  close(): void {
    this.kill()
    rmSync(this.dir, { recursive: true, force: true })
  }
}
