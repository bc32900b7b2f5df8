import type { Secret } from '../model/secret.js'

/**
 * Where and as whom a site runs: what the generated files need to know
 * besides the site itself. The same site and deployment render the same bytes.
 */
export interface Deployment {
  /** Absolute state folder; everything the system writes lies below it. */
  readonly dir: string
  /** Asterisk's modules (`astmoddir`). */
  readonly modulesDir: string
  /** `systemname`: prefixes channel ids, so that two nodes never share one. */
  readonly node: string
  /** Password of the ARI user `linekeeper`. */
  readonly ariPassword: Secret
  /** Password of the AMI user `linekeeper`. */
  readonly amiPassword: Secret
}

/** One generated file, by its name inside the generation folder. */
export interface GeneratedFile {
  readonly name: string
  readonly text: string
}
