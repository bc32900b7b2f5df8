/** Makes the folders that Asterisk writes to, and remembers where its modules lie. */
import { openDeployment } from '../dist/config/deployment-folder.js'
import { prepareInstance } from '../dist/instance/folders.js'
import { locateAsterisk } from '../dist/instance/package.js'

const { LINEKEEPER_DIR: dir = '/var/lib/linekeeper' } = process.env
const asterisk = await locateAsterisk({ asterisk: '/usr/sbin/asterisk' })
prepareInstance(dir, asterisk, undefined)
openDeployment(dir, { modulesDir: asterisk.modulesDir })
