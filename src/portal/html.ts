import { readdirSync, readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { lintHtml } from './html-lint.js'

/** The templates of the portal, beside both src/ and dist/. */
export const PAGES = new URL('../../templates/portal/', import.meta.url)

/** Every value is escaped; a field that the view lacks throws. */
const OPTIONS = { noEscape: false, strict: true, knownHelpersOnly: true }

const handlebars = Handlebars.create()
const compiled = new Map<string, (view: unknown) => string>()
let hasPartials = false

/**
 * Lays a view out by templates/portal/<name>.hbs, read and compiled once. Partials are
 * the files of its folder `partials`.
 */
export function renderHtml(name: string, view: unknown): string {
  addPartials()
  let template = compiled.get(name)
  if (!template) {
    template = handlebars.compile(read(`${name}.hbs`), OPTIONS)
    compiled.set(name, template)
  }
  return template(view)
}

function addPartials(): void {
  if (hasPartials) return
  for (const file of readdirSync(new URL('partials/', PAGES))) {
    const partial = handlebars.compile(read(`partials/${file}`), OPTIONS)
    handlebars.registerPartial(file.replace(/\.hbs$/, ''), partial)
  }
  hasPartials = true
}

function read(file: string): string {
  const source = readFileSync(new URL(file, PAGES), 'utf8')
  const faults = lintHtml(source)
  if (faults.length > 0) throw new Error(`template portal/${file}: ${faults.join('; ')}`)
  return source
}
