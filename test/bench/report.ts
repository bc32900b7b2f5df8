import type { CallPath } from './call-path.js'
import type { ConfigurationCost } from './configuration-cost.js'
import type { Growth } from './growth.js'
import type { LineChange } from './line-change.js'
import type { Overload } from './overload.js'
import type { Spread } from './percentile.js'
import { variants } from './variants.js'

/** Everything a run of the bench has measured; a part that was not run is absent. */
export interface Report {
  readonly at: string
  readonly quick: boolean
  readonly calls?: CallPath
  /** Calls per second, by variant. */
  readonly sustained?: Readonly<Record<string, number>>
  readonly overload?: Overload
  readonly configuration?: readonly ConfigurationCost[]
  readonly change?: LineChange
  readonly growth?: Growth
  readonly tookSeconds: number
}

/** The report as people read it. */
export function reportText(report: Report): string {
  const { calls, sustained, overload, configuration, change, growth } = report
  return [
    ...(calls ? callLines(calls, sustained) : []),
    ...(overload ? overloadLines(overload) : []),
    ...(configuration ? configurationLines(configuration) : []),
    ...(change ? changeLines(change) : []),
    ...(growth ? growthLines(growth) : []),
    '',
    `${report.quick ? 'quick run, ' : ''}${report.tookSeconds.toFixed(0)} s, ${report.at}`,
  ].join('\n')
}

function callLines(calls: CallPath, sustained: Report['sustained']): string[] {
  const { rounds, quiet, noisy, trusted } = calls
  const head = `Calls at ${calls.callsPerSecond}/s: ${rounds.length} rounds, ${noisy} noisy`
  const note = trusted
    ? ''
    : `; only ${quiet} quiet: the least noisy are counted, DO NOT QUOTE`
  const plain = sustained?.['plain']
  const rows = calls.compared.map((each) => {
    const title = variants.find(({ id }) => id === each.variant)?.title ?? each.variant
    const rate = sustained?.[each.variant]
    const share =
      rate !== undefined && plain ? ` ${rate} (${percent(rate / plain)})` : ' -'
    return [
      title,
      ranged(each.cpuRatio, 2),
      `${each.asteriskMs.toFixed(2)} + ${each.nodeMs.toFixed(2)}`,
      ranged(each.addedP50, 2),
      ranged(each.addedP99, 2),
      share.trim(),
      String(each.unanswered + each.retransmitted),
    ]
  })
  const { requests, events, bytes } = calls.perCall
  return [
    `${head}${note}`,
    ...table(
      [
        'variant',
        'CPU / plain',
        'ms Asterisk + node',
        '+p50 ms',
        '+p99 ms',
        'calls/s',
        'lost',
      ],
      rows,
    ),
    `linekeeper per call: ${requests.toFixed(2)} requests, ${events.toFixed(2)} events, ${bytes.toFixed(0)} bytes`,
  ]
}

function overloadLines({ callsPerSecond, left, ...rest }: Overload): string[] {
  const what = left
    ? `${left.channels} channels, ${left.bridges} bridges, ${left.slots} slots left`
    : 'nobody could say what was left'
  return [
    '',
    `Overload, ${callsPerSecond}/s: ${rest.answered} of ${rest.offered} answered; after ` +
      `${rest.quietAfterSeconds.toFixed(0)} s ${what}; memory x ${rest.memoryRatio.toFixed(1)}`,
  ]
}

function configurationLines(costs: readonly ConfigurationCost[]): string[] {
  const rows = costs.map(({ lines, bytes, loadMs, renderMs, validateMs, writeMs }) => [
    String(lines),
    (bytes / 1e6).toFixed(1),
    loadMs.toFixed(0),
    renderMs.toFixed(0),
    validateMs.toFixed(0),
    writeMs.toFixed(0),
    ((renderMs + validateMs) / writeMs).toFixed(1),
  ])
  const heads = [
    'lines',
    'MB',
    'load ms',
    'render ms',
    'validate ms',
    'write ms',
    'ratio',
  ]
  return ['', 'Configuration; ratio: (render + validate) / write', ...table(heads, rows)]
}

function changeLines(change: LineChange): string[] {
  const { push, command, ringingP99: p99 } = change
  return [
    '',
    `One line of ${change.lines} changed: pushed and proved in ${push.p50.toFixed(0)} ms ` +
      `(p99 ${push.p99.toFixed(0)}, ${push.count} times); with its generation written ` +
      `${change.effectiveMs.toFixed(0)} ms, plan ${change.planMs.toFixed(0)} ms; the whole ` +
      `command ${command.p50.toFixed(0)} ms (p99 ${command.p99.toFixed(0)}, ${command.count} times); ` +
      `a reload of PJSIP ${change.reloadMs.toFixed(0)} ms`,
    `INVITE to 180 meanwhile, p99 at ${change.callsPerSecond}/s: undisturbed ` +
      `${p99.undisturbed.toFixed(1)} ms, pushing ${p99.pushing.toFixed(1)} ` +
      `(${(p99.pushing / p99.undisturbed).toFixed(1)} times), applying ` +
      `${p99.applying.toFixed(1)}, reloading ${p99.reloading.toFixed(1)}`,
  ]
}

function growthLines(growth: Growth): string[] {
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  return [
    '',
    `Per 1000 lines: Asterisk ${mb(growth.asteriskBytesPerThousand)}, controller ` +
      `${mb(growth.controllerBytesPerThousand)}; Asterisk starts with ${growth.lines} lines in ` +
      `${(growth.startedMs / 1000).toFixed(1)} s; a reload of the dialplan takes ` +
      `${growth.dialplanReloadRatio.toFixed(1)} times that of 10 lines`,
  ]
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [heads, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function ranged({ median, lowest, highest }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${lowest.toFixed(digits)}-${highest.toFixed(digits)})`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
