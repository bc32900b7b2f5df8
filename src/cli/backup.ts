import { resolve } from 'node:path'
import { Command } from 'commander'
import { backup } from '../archive/backup.js'
import { defaultDir } from './default-dir.js'

/** `linekeeper backup FILE`: all that cannot be made again, while the system runs. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('settings, secrets, site, call records and recordings into one file')
    .argument('<file>', 'the backup to write; a file that is there is replaced')
    .option('--dir <dir>', 'state folder of the deployment', defaultDir())
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nThe system may run meanwhile. The file holds every secret of the site: mode 0600,' +
        '\nand kept elsewhere, encrypted. It is a tar archive: tar tzf FILE lists it.' +
        '\n\nExample:\n  linekeeper backup /mnt/backups/linekeeper-$(date +%F).tar.gz',
    )
    .action(async (file: string, { dir, json }: { dir: string; json?: true }) => {
      const { files, bytes } = await backup(resolve(dir), file)
      if (json) console.log(JSON.stringify({ ok: true, file, files, bytes }))
      else console.log(`${file}: ${files} files, ${Math.ceil(bytes / 1024)} kB`)
    })
}
