import type { Finding } from '../model/finding.js'

/** One fault of a rendered file, by its line: always a mistake of our templates. */
export function fault(
  code: string,
  at: { readonly file: string; readonly line: number },
  message: string,
): Finding {
  const remedy = 'This is a mistake of the templates: nothing was deployed, report it'
  return { code, severity: 'invalid', path: [at.file, at.line], message, remedy }
}
