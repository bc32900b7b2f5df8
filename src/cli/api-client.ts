import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { deployedSite } from '../config/apply-site.js'
import { tokenFile } from '../http/api-token.js'
import { EnvironmentError } from '../instance/environment-error.js'
import { version } from '../version.js'

/** The running controller's API, found by its state folder or by the environment. */
export interface ApiClient {
  /**
   * The body of the answer. An EnvironmentError when nobody answers, or nobody who
   * could; an ApiRefusal when the controller says no.
   */
  get(path: string): Promise<unknown>
  /** The same for what changes something; the body is sent as JSON. */
  send(
    method: 'DELETE' | 'PATCH' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ): Promise<unknown>
  /** Sends what is no JSON: a table. */
  upload(path: string, type: string, bytes: Buffer): Promise<unknown>
  /** The bytes of what is no JSON: a recording. */
  download(path: string): Promise<Buffer>
}

/** The controller answers that what was asked for is not possible: no such line. */
export class ApiRefusal extends Error {
  override name = 'ApiRefusal'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const Detail = z.object({
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({
        pointer: z.string().default(''),
        message: z.string(),
        remedy: z.string().optional(),
      }),
    )
    .optional()
    .catch(undefined),
})

const TIME_LIMIT_MS = 10_000

/**
 * `LINEKEEPER_URL` and `LINEKEEPER_TOKEN` name a controller anywhere; otherwise it is
 * the one of the state folder, at the address its deployed site says.
 */
export async function apiClient(dir: string): Promise<ApiClient> {
  const { LINEKEEPER_URL: url, LINEKEEPER_TOKEN: token } = process.env
  const base = url === undefined ? await addressIn(dir) : checkedUrl(url)
  const bearer = token === undefined ? readToken(dir) : checkedToken(token)
  const root = base.replace(/\/$/, '')
  return {
    get: (path) => ask(`${root}${path}`, bearer, 'GET'),
    send: (method, path, body) => ask(`${root}${path}`, bearer, method, body),
    upload: async (path, type, bytes) => {
      const response = await put(`${root}${path}`, bearer, type, bytes)
      return bodyOrRefusal(response, `${root}${path}`)
    },
    download: async (path) => {
      const response = await request(`${root}${path}`, bearer, 'GET')
      if (!response.ok) await bodyOrRefusal(response, `${root}${path}`)
      return Buffer.from(await response.arrayBuffer())
    },
  }
}

/** The address comes back in messages, where a password in it has no business. */
function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const asked =
    url && /^https?:$/.test(url.protocol) && url.username + url.password === ''
  if (asked) return text.trim()
  throw new EnvironmentError(
    'controller.unreachable',
    'LINEKEEPER_URL is not understood. Write it like http://127.0.0.1:8080, without a password',
  )
}

/** Node's own error for a wrong header quotes it. */
function checkedToken(text: string): string {
  const token = text.trim()
  if (token !== text) process.stderr.write('LINEKEEPER_TOKEN: white space around it\n')
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new EnvironmentError(
    'token.unreadable',
    'LINEKEEPER_TOKEN is no token. Give it the content of DIR/api-token',
  )
}

async function ask(
  url: string,
  token: string,
  method: string,
  sent?: unknown,
): Promise<unknown> {
  return bodyOrRefusal(await request(url, token, method, sent), url)
}

function request(
  url: string,
  token: string,
  method: string,
  sent?: unknown,
): Promise<Response> {
  const json = { type: 'application/json', body: JSON.stringify(sent) }
  return fetched(url, token, { method, ...(sent !== undefined && json) })
}

function put(url: string, token: string, type: string, bytes: Buffer): Promise<Response> {
  return fetched(url, token, { method: 'PUT', type, body: new Uint8Array(bytes) })
}

function fetched(
  url: string,
  token: string,
  { method, type, body }: { method: string; type?: string; body?: string | Uint8Array },
): Promise<Response> {
  return fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'user-agent': `linekeeper-cli/${version}`,
      ...(type !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  }).catch((error: unknown) => {
    throw new EnvironmentError(
      'controller.unreachable',
      `${url}: the controller does not answer (${reasonOf(error)}). ` +
        'Is it running? linekeeper up SITE starts it',
    )
  })
}

async function bodyOrRefusal(response: Response, url: string): Promise<unknown> {
  const body = await bodyOf(response, url)
  if (response.ok) return body
  const message = `${url}: ${response.status} ${detailOf(body)}`
  // The token is wrong, or Asterisk is away: nothing that was asked for is at fault.
  if ([401, 403].includes(response.status) || response.status >= 500) {
    throw new EnvironmentError('controller.refused', message)
  }
  throw new ApiRefusal(response.status, message)
}

async function bodyOf(response: Response, url: string): Promise<unknown> {
  try {
    return await response.json()
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new EnvironmentError(
      'controller.refused',
      `${url}: what answers here is not linekeeper. Is LINEKEEPER_URL right?`,
    )
  }
}

async function addressIn(dir: string): Promise<string> {
  const site = await deployedSite(dir)
  if (site) return `http://${site.http.host}:${site.http.port}`
  throw new EnvironmentError(
    'dir.notDeployed',
    `${dir}: no site is deployed here. Name its state folder with --dir DIR, or the ` +
      'controller with LINEKEEPER_URL and LINEKEEPER_TOKEN',
  )
}

function readToken(dir: string): string {
  try {
    return readFileSync(tokenFile(dir), 'utf8').trim()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new EnvironmentError(
      'token.unreadable',
      `${tokenFile(dir)}: the token cannot be read (${error.message}). ` +
        'Run as the user who started linekeeper, or set LINEKEEPER_TOKEN',
    )
  }
}

/** fetch hides the system's error in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** The answer in words, with every reason on a line of its own. */
function detailOf(body: unknown): string {
  const { detail = '', errors = [] } = Detail.safeParse(body).data ?? {}
  const reasons = errors.map(({ pointer, message, remedy }) => {
    return `\n  ${pointer}  ${message}${remedy === undefined ? '' : `. ${remedy}`}`
  })
  return `${detail}${reasons.join('')}`
}
