import { type Conf, type ConfSection, readConf } from './conf-reader.js'
import type { GeneratedFile } from './deployment.js'

/** The file of each type that sorcery.conf gives one of its own; the others are here. */
const REST = 'pjsip.conf'
const OWN: Readonly<Record<string, string>> = {
  auth: 'pjsip_auth.conf',
  endpoint: 'pjsip_lines.conf',
  aor: 'pjsip_aors.conf',
}

/** Included by each of them; of its sections each takes only those of its own type. */
const SHARED = 'pjsip_trunks.conf'

/** All of PJSIP's objects, each file with its own templates. */
export function readPjsip(files: readonly GeneratedFile[]): Conf {
  const texts = new Map(files.map(({ name, text }) => [name, text]))
  const read = [REST, ...Object.values(OWN)].map((root) => {
    const { sections, problems } = readConf(root, (name) => texts.get(name))
    return { sections: sections.filter((each) => isRead(each, root)), problems }
  })
  return {
    sections: read.flatMap(({ sections }) => sections),
    problems: read.flatMap(({ problems }) => problems),
  }
}

function isRead({ file, entries }: ConfSection, root: string): boolean {
  if (file !== SHARED) return true
  const type = entries.findLast(({ name }) => name === 'type')?.value ?? ''
  return root === (OWN[type] ?? REST)
}
