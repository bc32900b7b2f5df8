/**
 * `node scripts/counts.mjs REPORT CODE`: prints what vitest's JSON report counts, and
 * fails when a test failed, none passed, or vitest itself ended with another code than 0.
 */
import { readFileSync } from 'node:fs'

/** A file that could not be loaded holds no test, yet is a failure. */
function counts(report) {
  let passed = 0
  let failed = 0
  for (const file of report.testResults) {
    const results = file.assertionResults.map(({ status }) => status)
    const failures = results.filter((status) => status === 'failed').length
    passed += results.filter((status) => status === 'passed').length
    failed += failures === 0 && file.status === 'failed' ? 1 : failures
  }
  return { passed, failed }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    console.error(`counts: vitest has written no report (${error.message})`)
    return { testResults: [] }
  }
}

const [path, code] = process.argv.slice(2)
const { passed, failed } = counts(readReport(path))
const wrong = failed > 0 || passed === 0 || code !== '0'
if (wrong && failed === 0) console.error(`counts: npm test ended with exit code ${code}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = wrong ? 1 : 0
