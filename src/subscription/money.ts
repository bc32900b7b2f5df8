/** `1.00`, as prices are written, in cents: money is counted, never measured. */
export function cents(price: string): number {
  const [, euros, rest] = /^(\d+)\.(\d{2})$/.exec(price) ?? []
  if (euros === undefined || rest === undefined) {
    throw new Error(`money: ${JSON.stringify(price)} is no price`)
  }
  return Number(euros) * 100 + Number(rest)
}

/** Cents as a price: 300 → `3.00`. */
export function price(amountCents: number): string {
  const digits = String(amountCents).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** A price with its VAT, in cents; half a cent is rounded up. `vatPercent` has one decimal. */
export function withVat(amountCents: number, vatPercent: number): number {
  const perMille = Math.round(vatPercent * 10)
  return amountCents + Math.floor((amountCents * perMille + 500) / 1000)
}
