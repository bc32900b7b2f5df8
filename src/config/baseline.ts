import type { Site } from '../model/site.js'
import type { Deployment } from './deployment.js'
import { moduleGroups } from './modules.js'

/** The tones a caller hears: those of the country, whatever the language of a line. */
export type ToneZone = 'fr' | 'en'

export function toneZone(site: Site): ToneZone {
  return site.site.country === 'FR' ? 'fr' : 'en'
}

/** asterisk.conf: where everything of this instance lies. */
export function asteriskView(site: Site, deployment: Deployment) {
  const { dir } = deployment
  return {
    etc: `${dir}/etc/current`,
    modules: deployment.modulesDir,
    lib: `${dir}/lib`,
    data: `${dir}/data`,
    agi: `${dir}/data/agi-bin`,
    spool: `${dir}/spool`,
    run: `${dir}/run`,
    log: `${dir}/log`,
    node: deployment.node,
    language: site.site.language,
  }
}

export function modulesView() {
  return { groups: moduleGroups }
}

export function ariView(site: Site, deployment: Deployment) {
  return { ari: site.asterisk.ari, password: deployment.ariPassword }
}

export function amiView(site: Site, deployment: Deployment) {
  return { ami: site.asterisk.ami, password: deployment.amiPassword }
}

/**
 * What a held party hears: silence, from the prompts every installation has.
 * Without any class Asterisk warns at each hold.
 */
export function musicView(deployment: Deployment) {
  return { hold: `${deployment.dir}/data/sounds/en/silence/10` }
}
