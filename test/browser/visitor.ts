import type { Browser, Locator, Page } from 'playwright-core'
import type { System } from '../rig/system.js'
import { until } from '../rig/until.js'

/** Who looks at the portal: his language, and how wide his screen is. */
export interface Visitor {
  readonly language: 'fr' | 'en'
  /** In pixels of CSS. */
  readonly width: 390 | 1280
}

/** The words that a person looks for, in the wording of the guides. */
export const words = {
  fr: {
    signOut: 'Déconnexion',
    calls: 'Gestion des appels',
    plan: 'Gestion',
    noAnswer: /Si pas de réponse avant/,
    after: /Délai en secondes/,
    toNumber: 'Numéro',
    target: 'Numéro de destination',
    forwardTo: 'Renvoyer vers',
    intercom: /Activer le mode Intercom/,
    several: 'Appliquer à plusieurs lignes',
    validate: 'Valider',
    wantedCalls: "Nombre d'appels simultanés",
    terms: /accepte les conditions générales/,
    order: 'Générer le bon de commande',
    ordered: /Bon de commande généré/,
    pay: 'Valider le paiement',
    applied: 'payée et appliquée',
    newPlan: 'Nouvelle offre',
    pendingPlan: /Changement d'offre prévu/,
    planScheduled: /Changement d'offre enregistré/,
    cancelPlan: "Annuler le changement d'offre",
    cancelled: /Le changement est annulé/,
    free: 'libre',
    talking: 'en conversation',
    ringing: 'sonne',
    refusedCalls: 'Appels refusés',
    recentCalls: 'Appels récents',
    done: /Modification enregistrée/,
    now: /prend effet immédiatement/,
  },
  en: {
    signOut: 'Sign out',
    calls: 'Call management',
    plan: 'Management',
    noAnswer: /If there is no answer within/,
    after: /Delay in seconds/,
    toNumber: 'Number',
    target: 'Destination number',
    forwardTo: 'Forward to',
    intercom: /Intercom mode/,
    several: 'Apply to several lines',
    validate: 'Confirm',
    wantedCalls: 'Number of simultaneous calls',
    terms: /accept the general telephony conditions/,
    order: 'Generate the order form',
    ordered: /Order form generated/,
    pay: 'Validate the payment',
    applied: 'paid and applied',
    newPlan: 'New plan',
    pendingPlan: /Plan change scheduled/,
    planScheduled: /Plan change saved/,
    cancelPlan: 'Cancel the plan change',
    cancelled: /The change is cancelled/,
    free: 'free',
    talking: 'talking',
    ringing: 'ringing',
    refusedCalls: 'Refused calls',
    recentCalls: 'Recent calls',
    done: /saved/,
    now: /takes effect at once/,
  },
} as const

/** Opens the portal as the administrator, whose password `up` has printed once. */
export async function signedIn(
  browser: Browser,
  system: System,
  { language, width }: Visitor,
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: `http://${system.network.system}:8080`,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    viewport: { width, height: 900 },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  await page.goto('/')
  // The name gets the focus: whoever signs in needs no mouse.
  await page.locator('#user:focus').waitFor()
  await page.keyboard.type('administrator')
  await page.keyboard.press('Tab')
  await page.keyboard.type(administratorPassword(system))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: words[language].signOut }).waitFor()
  return page
}

function administratorPassword(system: System): string {
  const password = /administrator, password (\S+)/.exec(system.log())?.[1]
  if (!password) throw new Error('up has printed no password of an administrator')
  return password
}

/** Goes on with the tabulator key until an element has the focus. */
export async function tabTo(page: Page, element: Locator): Promise<void> {
  await until(
    'the tabulator key leads there',
    async () => {
      if (await element.evaluate((one) => one === one.ownerDocument.activeElement))
        return true
      await page.keyboard.press('Tab')
      return false
    },
    { limitSeconds: 10 },
  )
}
