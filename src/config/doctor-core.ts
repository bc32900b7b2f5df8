import { isPlausible } from '../model/clock.js'
import { readConf } from './conf-reader.js'
import { APPLY, type Check, RESTART, setting } from './doctor-check.js'
import { answer, type Facts } from './doctor-facts.js'
import { moduleGroups } from './modules.js'

/** Older ones can be crashed from the network (reliability §3.3). */
const OLDEST = [22, 10, 1]

const settings = 'core show settings'

/** Modules of ours that must never run; each with the row that forbids it. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  res_stasis_device_state: 'asterisk#2170',
  res_ari_device_states: 'asterisk#2170',
  res_pjsip_endpoint_identifier_anonymous: 'T01',
  app_chanspy: 'T35',
}

const ALLOWED: ReadonlySet<string> = new Set(
  moduleGroups.flatMap(({ modules }) => modules),
)

/** The program itself: version, user, options, modules, files. */
export const coreChecks: readonly Check[] = [
  {
    test: '§3.3',
    code: 'asterisk.tooOld',
    remedy: 'Take a newer Asterisk: node asterisk/fetch.mjs, then restart',
    finds: (facts) => tooOld(answer(facts, 'core show version')),
  },
  {
    test: 'T25',
    code: 'asterisk.root',
    remedy: 'Start it by "linekeeper up", or as the account asterisk',
    finds: ({ uid }) => (uid === 0 ? ['Asterisk runs as root'] : []),
  },
  {
    test: 'C09',
    code: 'clock.wrong',
    remedy: 'Set the clock, by NTP for instance: call records and renewals go by it',
    finds: ({ now }) =>
      isPlausible(now) ? [] : [`the clock says ${new Date(now).toISOString()}`],
  },
  {
    test: 'T25',
    code: 'console.shell',
    remedy: RESTART,
    finds: setting(settings, 'Shell on remote consoles', 'Disabled'),
  },
  {
    test: 'T24',
    code: 'config.exec',
    remedy: RESTART,
    finds: setting(settings, 'Executable includes', 'Disabled'),
  },
  {
    test: 'T23',
    code: 'config.dangerous',
    remedy: RESTART,
    finds: ({ asteriskConf }) => option(asteriskConf, 'live_dangerously', 'no'),
  },
  ...[
    ['Maximum calls', 'Not set'],
    ['Maximum load average', '0.000000'],
    ['Minimum free memory', '0 MB'],
  ].map(
    ([label = '', wanted = '']): Check => ({
      test: '§3.7',
      code: 'emergency.refused',
      remedy: `${RESTART}. The limit would refuse emergency calls too`,
      finds: setting(settings, label, wanted),
    }),
  ),
  {
    test: '§1',
    code: 'asterisk.node',
    remedy: RESTART,
    finds: setting(settings, 'System name', ({ site }) => site.node),
  },
  {
    test: 'T13',
    code: 'module.extra',
    remedy: 'Take it out of etc/custom/modules_custom.conf, then restart Asterisk',
    finds: (facts) => running(facts).flatMap(extraModule),
  },
  {
    test: 'T13',
    code: 'module.missing',
    remedy: 'Look for it in log/messages.log, then restart Asterisk',
    finds: (facts) => {
      const there = new Set(running(facts))
      return [...ALLOWED]
        .filter((name) => !there.has(name))
        .map((name) => `${name} is not running`)
    },
  },
  {
    test: 'T26',
    code: 'file.mode',
    remedy: 'Run chmod o= on it, and chmod g-w on a file of etc',
    finds: ({ files }) => files.flatMap(({ path, mode }) => openFile(path, mode)),
  },
  {
    test: 'D9',
    code: 'prompt.missing',
    remedy:
      "Install asterisk-core-sounds-fr-wav and -en-wav beside this machine's own Asterisk, " +
      'or record it into prompts/<language> of the state folder; then restart',
    finds: ({ missingPrompts }) =>
      missingPrompts.map(
        (name) => `the prompt ${name} is not there: callers hear nothing`,
      ),
  },
  {
    test: 'T01',
    code: 'dialplan.default',
    remedy: APPLY,
    finds: (facts) => {
      const there = answer(facts, 'dialplan show default').includes("[ Context 'default'")
      return there ? ['there is a context [default], where strangers would arrive'] : []
    },
  },
]

function tooOld(text: string): string[] {
  const [, version] = /^Asterisk (\d+\.\d+\.\d+)/m.exec(text) ?? []
  if (version === undefined) return ['the version is not shown']
  const parts = version.split('.').map(Number)
  const at = OLDEST.findIndex((part, index) => part !== parts[index])
  const older = at >= 0 && (parts[at] ?? 0) < (OLDEST[at] ?? 0)
  return older ? [`Asterisk ${version} is older than ${OLDEST.join('.')}`] : []
}

function option(conf: string, name: string, wanted: string): string[] {
  const { sections } = readConf('asterisk.conf', () => conf)
  const entries = sections
    .filter((each) => each.name === 'options')
    .flatMap((each) => each.entries)
  const is = entries.findLast((entry) => entry.name === name)?.value
  if (is === wanted) return []
  return [`${name} in asterisk.conf ${is === undefined ? 'is not stated' : `is "${is}"`}`]
}

/** The modules from files; the core's own are always there. */
function running(facts: Facts): string[] {
  const rows = answer(facts, 'module show').matchAll(/^(\w+)\.so .* \d+ +Running /gm)
  return [...rows].map(([, name = '']) => name)
}

function extraModule(name: string): string[] {
  if (ALLOWED.has(name)) return []
  const row = FORBIDDEN[name]
  return [
    row === undefined ? `${name} is not one of ours` : `${name} must not run (${row})`,
  ]
}

/** Others may read nothing; nobody but the owner may write what Asterisk reads. */
function openFile(path: string, mode: number): string[] {
  const open = (mode & 0o007) !== 0 || (/\.conf$/.test(path) && (mode & 0o020) !== 0)
  return open ? [`${path} has mode ${mode.toString(8).padStart(4, '0')}`] : []
}
