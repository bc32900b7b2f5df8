import type { Located } from '../config/load.js'
import { EXIT, type ExitCode } from './exit.js'

/** The exit code of a list of findings: form before policy, warnings let pass. */
export function exitOf(findings: readonly Located[]): ExitCode {
  if (findings.some(({ severity }) => severity === 'invalid')) return EXIT.invalid
  return findings.some(({ severity }) => severity === 'policy') ? EXIT.policy : EXIT.ok
}

/** Says every finding and sets the exit code; with `json` as one document on stdout. */
export function refuse(findings: readonly Located[], json: boolean): void {
  process.exitCode = exitOf(findings)
  if (json) console.log(JSON.stringify({ ok: false, findings: findings.map(asJson) }))
  else warn(findings)
}

/** Says findings to a person. */
export function warn(findings: readonly Located[]): void {
  for (const finding of findings) console.error(lineOf(finding))
}

/** `file:line:col  code  message — remedy`. */
export function lineOf({ file, line, column, code, message, remedy }: Located): string {
  return `${file}:${line}:${column}  ${code}  ${message} — ${remedy}`
}

export function asJson({ file, line, column, code, severity, message, remedy }: Located) {
  return { file, line, column, code, severity, message, remedy }
}
