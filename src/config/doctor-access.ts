import { APPLY, type Check, RESTART, setting } from './doctor-check.js'
import { answer, type Facts, settingIn } from './doctor-facts.js'

const manager = 'manager show settings'
const amiUser = 'manager show user linekeeper'
/** The controller's, and that of `apply`. */
const ACCOUNTS = new Set(['linekeeper', 'linekeeper-apply'])
const ariUser = 'ari show user linekeeper'

/** The paths our web server answers on; a third one is a way in nobody watches. */
const URIS: ReadonlySet<string> = new Set(['/ari/...', '/ws'])

const WRITE: ReadonlySet<string> = new Set(['system', 'call', 'reporting', 'user'])
const READ: ReadonlySet<string> = new Set(['system', 'call', 'reporting', 'security'])

/** The control interfaces: HTTP, ARI, AMI. */
export const accessChecks: readonly Check[] = [
  {
    test: 'T20',
    code: 'http.address',
    remedy: RESTART,
    finds: ({ site, ...facts }) => {
      const wanted = `Server Enabled and Bound to ${site.ari.host}:${site.ari.port}`
      const text = answer({ site, ...facts }, 'http show status')
      return text.includes(`${wanted}\n`)
        ? []
        : [`HTTP is not bound to ${wanted.split(' ').at(-1)} only`]
    },
  },
  {
    test: 'T20',
    code: 'http.path',
    remedy: APPLY,
    finds: (facts) =>
      paths(facts)
        .filter((path) => !URIS.has(path))
        .map((path) => `HTTP answers on ${path}`),
  },
  {
    test: 'T20',
    code: 'http.restriction',
    remedy: APPLY,
    finds: (facts) =>
      ['/ari', '/ws']
        .filter((path) => !restricted(facts, path))
        .map((path) => `${path} is open to every address`),
  },
  {
    test: 'T20',
    code: 'ari.origins',
    remedy: APPLY,
    finds: setting('ari show status', 'Allowed Origins', ''),
  },
  {
    test: 'T21',
    code: 'ari.user',
    remedy: 'Take the user out of etc/custom, or make it read_only',
    finds: (facts) =>
      [...answer(facts, 'ari show users').matchAll(/^No +\S+ +(\S+)$/gm)]
        .map(([, name = '']) => name)
        .filter((name) => name !== 'linekeeper')
        .map((name) => `the ARI user ${name} may change everything`),
  },
  { test: 'T20', code: 'ari.acl', remedy: APPLY, finds: setting(ariUser, 'ACL?', 'Yes') },
  {
    test: 'T22',
    code: 'ami.address',
    remedy: RESTART,
    finds: setting(
      manager,
      'TCP Bindaddress',
      ({ site }) => `${site.ami.host}:${site.ami.port}`,
    ),
  },
  {
    test: 'T22',
    code: 'ami.web',
    remedy: APPLY,
    finds: setting(manager, 'Web Manager (AMI/HTTP)', 'No'),
  },
  {
    test: 'T22',
    code: 'ami.logins',
    remedy: APPLY,
    finds: setting(manager, 'Allow multiple login', 'No'),
  },
  {
    test: 'T22',
    code: 'ami.debug',
    remedy: APPLY,
    finds: setting(manager, 'Debug', 'No'),
  },
  {
    test: 'T22',
    code: 'ami.user',
    remedy: 'Take the user out of etc/custom: the controller is the only one',
    finds: (facts) => {
      const [, table = ''] = answer(facts, 'manager show users').split('--------\n')
      const [names = ''] = table.split('-----')
      return names
        .split('\n')
        .filter((name) => name !== '' && !ACCOUNTS.has(name))
        .map((name) => `there is an AMI user ${name}`)
    },
  },
  { test: 'T22', code: 'ami.acl', remedy: APPLY, finds: setting(amiUser, 'ACL', 'yes') },
  {
    test: 'T22',
    code: 'ami.write',
    remedy: APPLY,
    finds: (facts) => rights(facts, 'write perm', WRITE),
  },
  {
    test: 'T22',
    code: 'ami.read',
    remedy: APPLY,
    finds: (facts) => rights(facts, 'read perm', READ),
  },
]

function paths(facts: Facts): string[] {
  const rows = answer(facts, 'http show status').matchAll(/^(\/\S+) =>/gm)
  return [...rows].map(([, path = '']) => path)
}

/** The first rule of a path must refuse everybody, and what follows lets some in. */
function restricted(facts: Facts, path: string): boolean {
  const [, rules = ''] = answer(facts, 'http show status').split(`  Path: ${path}\n`)
  const [first = ''] = /^ +0: .*$/m.exec(rules) ?? []
  return first.includes('deny - 0.0.0.0/0.0.0.0')
}

function rights(facts: Facts, label: string, allowed: ReadonlySet<string>): string[] {
  const is = settingIn(answer(facts, amiUser), label)
  if (is === undefined) return [`${label} is not shown`]
  const more = is
    .split(',')
    .filter((right) => right !== '' && right !== '<none>' && !allowed.has(right))
  return more.map((right) => `the AMI user linekeeper has the ${label} ${right}`)
}
