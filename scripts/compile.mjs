/** Programs of test/ run compiled, beside what the product's own folders hold. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from './prepare.mjs'

/** Compiles src and test into a folder of its own, which ends with this process. */
export function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'linekeeper-compiled-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  for (const beside of ['node_modules', 'templates', 'asterisk', 'dist']) {
    symlinkSync(join(projectFolder, beside), join(folder, beside))
  }
  const compiler = join(projectFolder, 'node_modules/typescript/bin/tsc')
  const into = ['--noEmit', 'false', '--noCheck', '--rootDir', '.', '--outDir', folder]
  const argv = [compiler, '-p', 'tsconfig.json', ...into]
  const { status } = spawnSync(process.execPath, argv, {
    cwd: projectFolder,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
  return folder
}
