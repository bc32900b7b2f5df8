import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { lintTemplate } from './template-lint.js'
import { prints } from './template-values.js'

/** The folder of the templates, beside both src/ and dist/. */
export const TEMPLATES = new URL('../../templates/', import.meta.url)

const handlebars = Handlebars.create()
const compiled = new Map<string, (view: unknown) => string>()

for (const [name, print] of Object.entries(prints)) {
  // Handlebars adds its options as the last argument; no helper of ours reads them.
  handlebars.registerHelper(name, (...args: unknown[]) => {
    const [value, ...limits] = args.slice(0, -1)
    return print(value, ...limits)
  })
}
handlebars.registerHelper('if', condition(true))
handlebars.registerHelper('unless', condition(false))
handlebars.registerHelper('each', each)

/**
 * Lays a view out by templates/<name>.hbs. The template is read and compiled
 * once; a template that prints a value without a typed helper is refused.
 */
export function renderTemplate(name: string, view: unknown): string {
  let template = compiled.get(name)
  if (!template) {
    template = compile(name, readFileSync(new URL(`${name}.hbs`, TEMPLATES), 'utf8'))
    compiled.set(name, template)
  }
  return template(view)
}

/** Compiles one template, after the lint. `name` is for the message only. */
export function compile(name: string, source: string): (view: unknown) => string {
  const faults = lintTemplate(source)
  if (faults.length > 0) throw new Error(`template ${name}: ${faults.join('; ')}`)
  return handlebars.compile(source, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(Object.keys(prints).map((known) => [known, true])),
    preventIndent: true,
  })
}

/**
 * `if` takes a boolean only: strict mode does not cover the arguments of
 * helpers, and a misspelt name must not read as "no".
 */
function condition(wanted: boolean) {
  return function (
    this: unknown,
    value: unknown,
    options: Handlebars.HelperOptions,
  ): string {
    if (typeof value !== 'boolean')
      throw new Error(`if: ${typeof value} is not a boolean`)
    return value === wanted ? options.fn(this) : options.inverse(this)
  }
}

function each(values: unknown, options: Handlebars.HelperOptions): string {
  if (!Array.isArray(values)) throw new Error(`each: ${typeof values} is not a list`)
  return values.map((value) => options.fn(value)).join('')
}
