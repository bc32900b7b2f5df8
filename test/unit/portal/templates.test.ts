import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PAGES } from '../../../src/portal/html.js'
import { lintHtml } from '../../../src/portal/html-lint.js'
import { hasStepText } from '../../../src/portal/step-text.js'
import { texts } from '../../../src/portal/texts.js'
import { accueil, atelier, Browser, openPortal, portier } from './browser.js'

const templates = readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.hbs'),
)
const sources = new URL('../../../src/portal/', import.meta.url)
const all = [
  ...templates.map((name) => readFileSync(new URL(name, PAGES), 'utf8')),
  ...readdirSync(sources)
    .filter((name) => !name.startsWith('texts'))
    .map((name) => readFileSync(new URL(name, sources), 'utf8')),
].join('\n')

describe('a template of the portal', () => {
  it.each(templates)('%s escapes every value and has nothing inline', (name) => {
    expect(lintHtml(readFileSync(new URL(name, PAGES), 'utf8'))).toEqual([])
  })

  it.each([
    ['<b>{{{name}}}</b>', /not escaped/],
    ['{{&name}}', /not escaped/],
    ['<p style="color:red">', /inline style/],
    ['<p onclick="x()">', /inline handler/],
    ['<script>x()</script>', /inline script/],
    ['<p class={{name}}>', /without quotes/],
    ['<a href="{{address}}">', /javascript/],
    ['<p hx-on:click="x()">', /eval/],
  ])('%s is refused', (source, fault) => {
    expect(lintHtml(source)).toEqual([expect.stringMatching(fault)])
  })
})

describe('the words', () => {
  it.each(['fr', 'en'] as const)('tell of every step that decides, in %s', (language) => {
    const lists = ['arrival', 'departure', 'outcome'].map((name) =>
      readFileSync(new URL(`../call/${name}.ts`, sources), 'utf8'),
    )
    const steps = [...lists.join('\n').matchAll(/^ {2}\['(\w+)', on/gm)].map(
      ([, step = '']) => step,
    )
    expect(steps.length).toBeGreaterThan(20)
    expect(steps.filter((step) => !hasStepText(step, language))).toEqual([])
  })

  it('are all used', () => {
    // A slot's state is looked up by its own name.
    const states = ['talking', 'held', 'ringing', 'reserved']
    const unused = Object.keys(texts.fr).filter(
      (key) => !states.includes(key) && !new RegExp(`\\bt\\.${key}\\b`).test(all),
    )
    expect(unused).toEqual([])
  })

  it('are there in both languages, and differ', () => {
    expect(Object.keys(texts.en).sort()).toEqual(Object.keys(texts.fr).sort())
    const same = Object.entries(texts.fr).filter(([key, text]) => {
      return (
        text.length > 12 &&
        Object.entries(texts.en).some(([k, v]) => k === key && v === text)
      )
    })
    expect(same).toEqual([])
  })
})

const pages = [
  ...['/', '/orders', '/board', `/lines/${accueil}/calls`, `/lines/${portier}/plan`],
  ...[`/lines/${atelier}/voicemail`, `/lines/${accueil}/assistance`, '/nothing'],
]

describe.each(['fr', 'en'] as const)('every page in %s', (language) => {
  it.each(pages)('%s is whole HTML that a reader of screens understands', async (url) => {
    const browser = new Browser((await openPortal()).server)
    browser.language = language
    await browser.signIn('chef')
    const { body, headers } = await browser.get(url)
    expect(body).toMatch(new RegExp(`^<!doctype html>\\s*<html lang="${language}">`))
    expect(headers['content-type']).toContain('text/html')
    expect(body.match(/<h1>/g)).toHaveLength(1)
    expect(body.match(/<main /g)).toHaveLength(1)
    for (const tag of ['div', 'form', 'section', 'fieldset', 'table', 'ul', 'p', 'svg']) {
      const count = (pattern: RegExp) => body.match(pattern)?.length ?? 0
      expect(count(new RegExp(`<${tag}[ >]`, 'g')), tag).toBe(
        count(new RegExp(`</${tag}>`, 'g')),
      )
    }
    const ids = [...body.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [field = ''] of body.matchAll(/<(?:input|select|textarea)[^>]*>/g)) {
      const isLabelled =
        /type="(?:hidden|checkbox)"/.test(field) ||
        body.includes(`<label for="${/id="([^"]*)"/.exec(field)?.[1]}"`)
      expect(isLabelled, field).toBe(true)
    }
    expect(body).not.toMatch(/\{\{|undefined|\[object/)
    for (const [, form = ''] of body.matchAll(/<form method="post"([\s\S]*?)<\/form>/g)) {
      expect(form).toContain('name="formToken"')
    }
  })
})

describe('filter lists', () => {
  it('are kept in canonical form, and what is none is refused', async () => {
    const portal = await openPortal()
    const browser = new Browser(portal.server)
    await browser.signIn('chef')
    const send = (entries: string) =>
      browser.post(
        `/lines/${atelier}/filters`,
        {
          'incoming.mode': 'black',
          'incoming.entries': entries,
          'outgoing.mode': 'none',
        },
        { from: `/lines/${atelier}/calls` },
      )
    await send('06 12 34 56 78\r\n0689*\r\n anonymous')
    expect(portal.recorder.settings.line(atelier)?.filters).toEqual({
      incoming: { mode: 'black', entries: ['0033612345678', '0033689*', 'anonymous'] },
    })
    expect((await send('<script>')).statusCode).toBe(422)
  })
})
