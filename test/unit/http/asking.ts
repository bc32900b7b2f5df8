import { bearer, type Recorder } from './recorder.js'

export const [three, two, one] = [
  '0033972100001',
  '0033972100002',
  '0033972100003',
] as const
export const accepted = { termsAccepted: true }

/** Asks the API of a recorder, by default as the administrator. */
export function asking(recorder: Recorder) {
  const server = recorder.api()
  return async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    headers: object = bearer,
  ): Promise<{ status: number; body: unknown }> => {
    const response = await server.inject({
      ...{ method, url: `/api/v1${path}`, headers: { ...headers } },
      ...(body && { payload: body }),
    })
    return { status: response.statusCode, body: response.json() }
  }
}
