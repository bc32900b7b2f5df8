import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { isInUse, openArchive, restore } from '../archive/restore.js'
import { ArchiveDamaged } from '../archive/tar.js'
import { takeLock } from '../config/lock.js'
import { chooseUser } from '../instance/user.js'
import { StoreUnavailable } from '../store/database.js'
import { defaultDir } from './default-dir.js'
import { EXIT } from './exit.js'
import { fail } from './failure.js'
import { actAsOwner } from './state-owner.js'

interface Options {
  readonly dir: string
  readonly replace?: true
  readonly json?: true
}

/** `linekeeper restore FILE`: a backup into an empty or stopped state folder. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('a backup into an empty state folder, or in place of a stopped one')
    .argument('<file>', 'what "linekeeper backup" wrote')
    .option('--dir <dir>', 'state folder', defaultDir())
    .option('--replace', 'a folder in use: what is there is put aside, in it')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nThe backup is checked before anything is changed. Then start the site it holds:' +
        '\n  linekeeper up DIR/site.yaml --dir DIR' +
        '\n\nExample:\n  linekeeper restore linekeeper-2026-01-31.tar.gz --dir /var/lib/linekeeper',
    )
    .action(run)
}

async function run(file: string, options: Options): Promise<void> {
  const dir = resolve(options.dir)
  const json = options.json === true
  if (isInUse(dir) && !options.replace) {
    const message = `${dir}: there is a system in it. Say --replace, or name another folder`
    return fail({ exit: EXIT.policy, code: 'restore.inUse', message }, json)
  }
  const archive = await openArchive(file)
  actAsOwner(dir)
  const unlock = await lockAll(dir)
  try {
    const restored = await restore(archive, dir, chooseUser())
    if (json) console.log(JSON.stringify({ ok: true, dir, ...restored }))
    else {
      const { files, createdAt, replaced } = restored
      console.log(`${dir}: ${files} files of ${createdAt}`)
      if (replaced) console.log(`what was there before is in ${replaced}`)
      console.log(`start it: linekeeper up ${join(dir, 'site.yaml')} --dir ${dir}`)
    }
  } catch (error) {
    if (!(error instanceof ArchiveDamaged || error instanceof StoreUnavailable))
      throw error
    const message = `${file}: the backup is damaged: ${error.message}. Nothing was changed; take another`
    fail({ exit: EXIT.failed, code: 'restore.damaged', message }, json)
  } finally {
    await unlock()
  }
}

/** Neither a controller nor an `up` may be at work there. */
async function lockAll(dir: string): Promise<() => Promise<void>> {
  if (!existsSync(dir)) return () => Promise.resolve()
  const unlockUp = await takeLock(join(dir, 'up.lock'))
  try {
    const unlockController = await takeLock(join(dir, 'controller.lock'))
    return async () => {
      await unlockController()
      await unlockUp()
    }
  } catch (error) {
    await unlockUp()
    throw error
  }
}
