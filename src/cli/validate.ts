import { Command } from 'commander'
import { loadSite } from '../config/load.js'
import { asJson, refuse, warn } from './report.js'

/** `linekeeper validate SITE`: every mistake of a site file at once. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('check a site file and list every error')
    .argument('<site>', 'site file')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nEach finding is one line: file:line:col  code  message — remedy.' +
        '\nExit code 78: the file is invalid · 4: a rule refuses it · 0: it may be applied.' +
        '\n\nExample:\n  linekeeper validate examples/site.yaml',
    )
    .action(async (path: string, { json }: { json?: true }) => {
      const loaded = await loadSite(path)
      if (loaded.kind === 'refused') return refuse(loaded.findings, json === true)
      const { site, warnings } = loaded
      const summary = {
        lines: site.lines.length,
        aliases: site.aliases.length,
        shortNumbers: site.shortNumbers.length,
        trunks: site.trunks.length,
      }
      if (json) {
        console.log(JSON.stringify({ ok: true, findings: warnings.map(asJson), summary }))
        return
      }
      warn(warnings)
      const counts = Object.entries(summary).map(([what, count]) => `${count} ${what}`)
      console.log(`ok: ${counts.join(', ')}`)
    })
}
