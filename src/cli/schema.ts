import { Command } from 'commander'
import { siteSchema } from '../config/schema-json.js'

/** `linekeeper schema`: the JSON Schema of the site file. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('the JSON Schema of the site file, for editors and checks')
    .option('--json', 'the same: the schema is JSON')
    .addHelpText('after', '\nExample:\n  linekeeper schema > site.schema.json')
    .action(() => {
      console.log(JSON.stringify(siteSchema(), undefined, 2))
    })
}
