import { Secret } from '../model/secret.js'
import type { Deployment } from './deployment.js'

/**
 * Where a site would run if nobody says: the same in every place, so that two
 * people who render the same site can compare their files.
 */
export const placeholderDeployment: Deployment = {
  dir: '/var/lib/linekeeper',
  modulesDir: '/usr/lib/asterisk/modules',
  node: 'node1',
  ariPassword: new Secret('placeholder-ari-password'),
  amiPassword: new Secret('placeholder-ami-password'),
}
