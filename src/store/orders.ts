import { z } from 'zod'
import type { Item, Order } from '../subscription/order.js'
import { attempt, type Database } from './database.js'

/** Orders, also those that came to an end: nothing is ever deleted (spec D7). */
export const ordersTable = `
CREATE TABLE IF NOT EXISTS order_form (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  state       TEXT NOT NULL
    CHECK (state IN ('issued', 'paid', 'applied', 'cancelled', 'expired')),
  line        TEXT,
  calls_from  INTEGER,
  calls_to    INTEGER,
  aliases     INTEGER,
  unit_cents  INTEGER NOT NULL,
  total_cents INTEGER NOT NULL,
  vat_percent REAL NOT NULL,
  issued_ms   INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL,
  paid_ms     INTEGER,
  ended_ms    INTEGER,
  who         TEXT NOT NULL,
  CHECK ((line IS NULL) = (aliases IS NOT NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS order_form_of_line ON order_form (line, state)`

const Row = z.object({
  id: z.int(),
  state: z.enum(['issued', 'paid', 'applied', 'cancelled', 'expired']),
  line: z.string().nullable(),
  callsFrom: z.int().nullable(),
  callsTo: z.int().nullable(),
  aliases: z.int().nullable(),
  unitCents: z.int(),
  totalCents: z.int(),
  vatPercent: z.number(),
  issuedMs: z.number(),
  expiresMs: z.number(),
  paidMs: z.number().nullable(),
  endedMs: z.number().nullable(),
  by: z.string(),
})

const COLUMNS = `id, state, line, calls_from AS callsFrom, calls_to AS callsTo, aliases,
  unit_cents AS unitCents, total_cents AS totalCents, vat_percent AS vatPercent,
  issued_ms AS issuedMs, expires_ms AS expiresMs, paid_ms AS paidMs,
  ended_ms AS endedMs, who AS by`

/** All of them, or those in a state; the last one first. Throws StoreUnavailable. */
export function readOrders(database: Database, state?: Order['state']): Order[] {
  return attempt('read the orders', () => {
    const all = `SELECT ${COLUMNS} FROM order_form`
    const rows =
      state === undefined
        ? database.prepare(`${all} ORDER BY id DESC`).all()
        : database.prepare(`${all} WHERE state = ? ORDER BY id DESC`).all(state)
    return z.array(Row).parse(rows).map(orderOf)
  })
}

/** One order, if there is such a one. Throws StoreUnavailable. */
export function readOrder(database: Database, id: number): Order | undefined {
  return attempt('read an order', () => {
    const row = database.prepare(`SELECT ${COLUMNS} FROM order_form WHERE id = ?`).get(id)
    return row === undefined ? undefined : orderOf(Row.parse(row))
  })
}

/** The order of a line that waits for its payment. Throws StoreUnavailable. */
export function readOpenOrder(database: Database, line: string): Order | undefined {
  return attempt('read an order', () => {
    const where = "line = ? AND state = 'issued' ORDER BY id DESC LIMIT 1"
    const row = database.prepare(`SELECT ${COLUMNS} FROM order_form WHERE ${where}`)
    const found = row.get(line)
    return found === undefined ? undefined : orderOf(Row.parse(found))
  })
}

/** Adds an order and says its number. Within a transaction of the caller. */
export function addOrder(database: Database, order: Omit<Order, 'id'>): number {
  const { item, state, unitCents, totalCents, vatPercent, issuedMs, expiresMs, by } =
    order
  const calls =
    item.kind === 'calls' ? [item.line, item.from, item.to] : [null, null, null]
  const aliases = item.kind === 'aliases' ? item.count : null
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO order_form (state, line, calls_from, calls_to, aliases, unit_cents,
         total_cents, vat_percent, issued_ms, expires_ms, who)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[state, ...calls, aliases, unitCents, totalCents],
      ...[vatPercent, issuedMs, expiresMs, by],
    )
  return Number(lastInsertRowid)
}

/** What an order has become. Within a transaction of the caller. */
export function putOrder(database: Database, order: Order): void {
  const { id, state, paidMs, endedMs } = order
  database
    .prepare('UPDATE order_form SET state = ?, paid_ms = ?, ended_ms = ? WHERE id = ?')
    .run(state, paidMs ?? null, endedMs ?? null, id)
}

function orderOf(row: z.infer<typeof Row>): Order {
  const { line, callsFrom, callsTo, aliases, paidMs, endedMs, ...order } = row
  return {
    ...order,
    item: itemOf(row),
    ...(paidMs !== null && { paidMs }),
    ...(endedMs !== null && { endedMs }),
  }
}

function itemOf({ id, line, callsFrom, callsTo, aliases }: z.infer<typeof Row>): Item {
  if (aliases !== null) return { kind: 'aliases', count: aliases }
  if (line !== null && callsFrom !== null && callsTo !== null) {
    return { kind: 'calls', line, from: callsFrom, to: callsTo }
  }
  throw new Error(`orders: order ${id} is for nothing`)
}
