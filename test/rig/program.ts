import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built program. */
export const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** What a command printed, and how it ended. */
export interface Ended {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built program to its end; `input` is what it reads. */
export async function runProgram(
  argv: readonly string[],
  input?: string,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...argv])
  if (input !== undefined) child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString()
  })
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
  })
  const exitCode = await new Promise<number>((resolve) => {
    child.on('close', (code) => resolve(code ?? 128))
  })
  return { exitCode, stdout, stderr }
}
