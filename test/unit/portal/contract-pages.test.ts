import { beforeEach, describe, expect, it } from 'vitest'
import { accueil, atelier, Browser, openPortal, portier } from './browser.js'

let portal: Awaited<ReturnType<typeof openPortal>>
let marie: Browser
let chef: Browser
beforeEach(async () => {
  portal = await openPortal()
  marie = new Browser(portal.server)
  chef = new Browser(portal.server)
  await marie.signIn('marie')
  await chef.signIn('chef')
})

describe('« Changer d’offre »', () => {
  const page = `/lines/${portier}/plan`

  it('is scheduled for the next renewal, says so, and is cancelled', async () => {
    const asked = await chef.post(
      `/lines/${portier}/plan-change`,
      { plan: 'entreprise' },
      { from: page },
    )
    expect(asked.headers.location).toBe(`${page}?done=plan`)
    const { body } = await chef.get(`${page}?done=plan`)
    expect(body).toContain('Il prend effet le 1 février 2026')
    expect(body).toContain('Annuler le changement d&#x27;offre')
    expect((await chef.get('/orders')).body).toContain('1 février 2026')
    const cancelled = await chef.post(`/lines/${portier}/plan-cancel`, {}, { from: page })
    expect(cancelled.headers.location).toBe(`${page}?done=cancelled`)
    const again = await chef.post(`/lines/${portier}/plan-cancel`, {}, { from: page })
    expect(again.statusCode).toBe(409)
    expect(again.body).toContain('Aucun changement d&#x27;offre n&#x27;est prévu')
  })

  it('never goes back to a plan of one call', async () => {
    const { body } = await marie.get(`/lines/${atelier}/plan`)
    expect(body).toContain('Aucune autre offre')
    const refused = await marie.post(
      `/lines/${atelier}/plan-change`,
      { plan: 'decouverte' },
      { from: `/lines/${atelier}/plan` },
    )
    expect(refused.statusCode).toBe(409)
  })

  it('for several lines reports each: some, and which not', async () => {
    const report = await chef.post(
      `/lines/${portier}/plan-change`,
      { plan: 'entreprise', also: [accueil] },
      { from: page },
    )
    expect(report.body).toContain('(1 / 2)')
    expect(report.body).toContain('09 72 10 00 01')
    expect(report.body).toContain('déjà l&#x27;offre')
  })
})

describe('« Appels simultanés »', () => {
  const page = `/lines/${atelier}/calls`
  const change = (fields: Record<string, string>) =>
    marie.post(`/lines/${atelier}/calls-change`, fields, { from: page })

  it('needs the box of the conditions', async () => {
    const refused = await change({ calls: '4' })
    expect(refused.statusCode).toBe(409)
    expect(refused.body).toContain('Acceptez les conditions générales')
    expect((await marie.get('/orders')).body).toContain('Aucune commande')
  })

  it('gives an order with its price, which the back office says is paid', async () => {
    const ordered = await change({ calls: '4', terms: 'on' })
    expect(ordered.statusCode).toBe(303)
    const orders = await marie.get('/orders')
    expect(orders.body).toMatch(/2,00\s€ \(2,40\s€ TTC\)/)
    expect(orders.body).toContain('à payer')
    expect(orders.body).not.toContain('Valider le paiement')
    const own = await marie.post('/orders/1/pay', {}, { from: '/orders' })
    expect(own.statusCode).toBe(403)
    const paid = await chef.post('/orders/1/pay', {}, { from: '/orders' })
    expect(paid.headers.location).toBe('/orders?done=applied')
    expect((await marie.get('/orders')).body).toContain('payée et appliquée')
    expect((await marie.get(page)).body).toMatch(/Total actuel<\/dt><dd>4</)
  })

  it('says before what it costs and needs, or why it is not possible', async () => {
    const preview = (line: string, calls: string, browser = marie) =>
      browser.get(`/lines/${line}/calls-preview?calls=${calls}`)
    expect((await preview(atelier, '5')).body).toMatch(/350–500<[\s\S]*3,00\s€/)
    expect((await preview(atelier, '1')).body).toContain('Prend effet le 1 février 2026')
    expect((await preview(portier, '2', chef)).body).toContain('Changez d&#x27;abord')
    expect((await preview(portier, '2')).statusCode).toBe(404)
    expect((await preview(atelier, 'x')).statusCode).toBe(200)
  })

  it('fewer wait for the renewal and lock the number; the operator takes it back', async () => {
    const asked = await change({ calls: '1' })
    expect(asked.headers.location).toBe(`${page}?done=decrease`)
    const { body } = await marie.get(`${page}?done=decrease`)
    expect(body).toContain('Diminution enregistrée. Elle prend effet le 1 février 2026')
    expect(body).not.toContain('Générer le bon de commande')
    expect(body).not.toContain('Annuler la diminution')
    const locked = await marie.post(`/lines/${atelier}/calls-cancel`, {}, { from: page })
    expect(locked.statusCode).toBe(403)
    const back = await chef.post(`/lines/${atelier}/calls-cancel`, {}, { from: page })
    expect(back.headers.location).toBe(`${page}?done=cancelled`)
  })

  it.each(['', 'x', '-1', '0', '100', '99999'])('of %j is refused', async (calls) => {
    expect([409, 422]).toContain((await change({ calls, terms: 'on' })).statusCode)
  })
})

describe('orders', () => {
  it('of aliases: 100 at most', async () => {
    const order = (count: string) =>
      marie.post('/orders', { count, terms: 'on' }, { from: '/orders' })
    expect((await order('101')).body).toContain('De 1 à 100 numéros')
    expect((await order('100')).statusCode).toBe(303)
    expect((await marie.get('/orders')).body).toMatch(/100,00\s€/)
  })

  it('of somebody else are not there', async () => {
    await chef.post(
      `/lines/${atelier}/calls-change`,
      { calls: '3', terms: 'on' },
      { from: `/lines/${atelier}/calls` },
    )
    await portal.recorder.accounts.addUser(
      { name: 'paul', role: 'customer', lines: [portier] },
      (await import('./browser.js')).password,
    )
    const paul = new Browser(portal.server)
    await paul.signIn('paul')
    expect((await paul.get('/orders')).body).toContain('Aucune commande')
    for (const id of ['1', '2', 'x']) {
      const end = await paul.post(`/orders/${id}/cancel`, {}, { from: '/orders' })
      expect([404, 422]).toContain(end.statusCode)
    }
  })
})

describe('« Assistance »', () => {
  it('names the first cause, with where the phone was last seen', async () => {
    const { body } = await marie.get(`/lines/${atelier}/assistance`)
    expect(body).toMatch(/Conclusion :<\/b> Le téléphone n&#x27;est pas connecté/)
    expect(body).toContain('192.0.2.7:5060')
    expect(body.indexOf('Débranchez')).toBeLessThan(body.indexOf('Cause trouvée'))
  })

  it('names a forward of every call on an idle phone', async () => {
    await marie.post(
      `/lines/${accueil}/forwarding`,
      {
        ...{ 'unconditional.on': 'on', 'unconditional.kind': 'number' },
        'unconditional.number': '0612345678',
      },
      { from: `/lines/${accueil}/calls` },
    )
    const { body } = await marie.get(`/lines/${accueil}/assistance`)
    expect(body).toContain('Tous les appels sont renvoyés vers 06 12 34 56 78')
  })

  it('shows what a phone calls itself as text (H18)', async () => {
    const { body } = await marie.get(`/lines/${accueil}/assistance`)
    expect(body).toContain('&lt;img src&#x3D;x onerror&#x3D;x&gt;')
    expect(body).not.toContain('<img')
  })

  it('finds a short number that is missing in the table of the group', async () => {
    const { body } = await marie.get(`/lines/${accueil}/assistance?dialled=7999`)
    expect(body).toContain('absent de la table des numéros abrégés du groupe')
  })
})
