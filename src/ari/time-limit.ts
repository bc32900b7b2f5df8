/** A request that Asterisk did not answer in time; whether it was carried out is unknown. */
export class AriTimeout extends Error {
  override name = 'AriTimeout'
}

/**
 * The promise, or an AriTimeout after `limitMs`: one of ari-client's may never
 * settle when its HTTP connection closes early (asterisk-facts §2).
 */
export function timeLimited<T>(
  what: string,
  limitMs: number,
  promise: Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new AriTimeout(`${what}: no answer in ${limitMs} ms`)),
      limitMs,
    )
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
