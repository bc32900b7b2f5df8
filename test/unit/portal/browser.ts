import type { FastifyInstance } from 'fastify'
import type { CallRecords } from '../../../src/http/getCdr.js'
import type { Voicemails } from '../../../src/http/voicemail.js'
import type { CallDetail } from '../../../src/model/call-detail.js'
import { Secret } from '../../../src/model/secret.js'
import { portal } from '../../../src/portal/portal.js'
import { Recorder } from '../http/recorder.js'

export const accueil = '0033972100001'
export const atelier = '0033972100002'
export const portier = '0033972100003'

export const password = new Secret('assez long pour tous')

/** The portal of the example site with an administrator and a customer of two lines. */
export async function openPortal(
  calls: readonly CallDetail[] = [],
  voicemails?: Voicemails,
) {
  const recorder = new Recorder()
  const { accounts } = recorder
  await accounts.addUser({ name: 'chef', role: 'administrator', lines: [] }, password)
  await accounts.addUser(
    { name: 'marie', role: 'customer', lines: [accueil, atelier] },
    password,
  )
  const { streams, settings, contracts } = recorder
  const guest = portal({
    ...{ controller: recorder, accounts, streams, settings },
    ...{ contracts, diagnoses: recorder, records: recordsOf(calls) },
    ...(voicemails && { voicemails, greetings: recorder.greetings }),
    site: () => {
      const { site } = recorder
      const lines = site.lines.map((line) => settings.line(line.number) ?? line)
      return { ...site, lines }
    },
    onBug: (error) => recorder.bugs.push(error),
  })
  const server = recorder.api({ portal: guest })
  return { recorder, server }
}

function recordsOf(calls: readonly CallDetail[]): CallRecords {
  return {
    matching: () => Promise.resolve(calls),
    usage: () => Promise.resolve(undefined),
    forget: () => Promise.resolve(0),
    canonical: () => undefined,
  }
}

/** What a browser keeps: cookies, and the token of the page it shows. */
export class Browser {
  readonly #server: FastifyInstance
  readonly cookies = new Map<string, string>()
  language = 'fr'
  source = '192.0.2.1'

  constructor(server: FastifyInstance) {
    this.#server = server
  }

  async get(url: string, headers: Record<string, string> = {}) {
    const response = await this.#server.inject({
      ...{ method: 'GET', url, remoteAddress: this.source },
      headers: { ...this.#headers(), ...headers },
    })
    this.#keep(response.headers['set-cookie'])
    return response
  }

  /** Sends a form; `from` is the page it stands on, whose token it brings along. */
  async post(
    url: string,
    fields: Record<string, string | readonly string[]>,
    {
      from = url,
      headers = {},
    }: { from?: string; headers?: Record<string, string> } = {},
  ) {
    const token = formTokenIn((await this.get(from)).body)
    return this.postBare(url, { formToken: token, ...fields }, headers)
  }

  async postBare(
    url: string,
    fields: Record<string, string | readonly string[]>,
    headers: Record<string, string> = {},
  ) {
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(fields)) {
      for (const each of [value].flat()) form.append(name, each)
    }
    const response = await this.#server.inject({
      ...{ method: 'POST', url, remoteAddress: this.source, payload: form.toString() },
      headers: {
        ...this.#headers(),
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
    })
    this.#keep(response.headers['set-cookie'])
    return response
  }

  /** Sends a form with a file, as a browser does. */
  async postFile(
    url: string,
    from: string,
    fields: Readonly<Record<string, string | Buffer>>,
  ) {
    const form = new FormData()
    form.set('formToken', formTokenIn((await this.get(from)).body))
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') form.set(name, value)
      else form.set(name, new Blob([new Uint8Array(value)]), 'a.wav')
    }
    const sent = new Response(form)
    return await this.#server.inject({
      ...{ method: 'POST', url, remoteAddress: this.source },
      payload: Buffer.from(await sent.arrayBuffer()),
      headers: {
        ...this.#headers(),
        'content-type': sent.headers.get('content-type') ?? '',
      },
    })
  }

  async signIn(user: string, secret = password.reveal()) {
    return await this.post('/sign-in', { user, password: secret, next: '/' })
  }

  #headers() {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return {
      accept: 'text/html',
      'accept-language': this.language,
      ...(cookie && { cookie }),
    }
  }

  #keep(set: string | string[] | undefined): void {
    for (const cookie of [set ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}

export function formTokenIn(html: string): string {
  return /name="formToken" value="([^"]*)"/.exec(html)?.[1] ?? ''
}
