import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { codesText } from '../../../src/cli/codes.js'

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')

it.each(['fr', 'en'] as const)(
  'the README shows what `codes --lang %s` prints',
  (lang) => {
    expect(readme).toContain(`\`\`\`text\n${codesText(lang).join('\n')}\n\`\`\``)
  },
)
