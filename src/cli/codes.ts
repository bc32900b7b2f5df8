import { Command, Option } from 'commander'
import { codesForPrograms, codeTable } from '../call/code-text.js'
import { Language } from '../model/line.js'
import { tableText } from './table.js'

/** `linekeeper codes`: what can be dialled on the handset. */
export function codesCommand(): Command {
  return new Command('codes')
    .description('the feature codes that a phone can dial, as its user reads them')
    .addOption(
      new Option('--lang <language>', 'language of the table')
        .choices(Language.options)
        .default('fr'),
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  linekeeper codes --lang en')
    .action(({ lang, json }: { lang: Language; json?: true }) => {
      console.log(
        json
          ? JSON.stringify(codesForPrograms(lang), undefined, 2)
          : codesText(lang).join('\n'),
      )
    })
}

/** The table in columns, and below it what its letters stand for. */
export function codesText(language: Language): string[] {
  const { head, rows, notes } = codeTable(language)
  return [...tableText(head, rows), '', ...notes]
}
