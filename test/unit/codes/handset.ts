import { changeSettings } from '../../../src/call/change-settings.js'
import { type CodeUse, noCodeUse, obey } from '../../../src/call/code-command.js'
import { parseCode } from '../../../src/call/codes.js'
import { type Directory, withLine } from '../../../src/call/directory.js'
import type { Line } from '../../../src/model/line.js'
import { ALICE, BOB, directoryWith, lineOf } from '../call/told.js'

const shortNumbers = [
  { number: '7001', to: ALICE },
  { number: '7002', to: BOB },
  { number: '2003', to: '0612345678', line: BOB },
]

/** One phone, one line: what it dials, what it hears, what its line is then. */
export class Handset {
  directory: Directory
  use: CodeUse = noCodeUse
  at = 0

  constructor(alice: Partial<Line> = {}, bob: Partial<Line> = {}) {
    const empty: Directory = { ...directoryWith({}), shortNumbers }
    const lines = [
      { ...lineOf(empty, ALICE), ...alice },
      { ...lineOf(empty, BOB), ...bob },
    ]
    this.directory = lines.reduce(withLine, empty)
  }

  get line(): Line {
    return lineOf(this.directory, ALICE)
  }

  /** Seven seconds after the last time. */
  dial(dialled: string): string {
    this.at += 7_000
    const { line, directory, use, at } = this
    const obeyed = obey({ line, parsed: parseCode(dialled, 'FR'), use, at, directory })
    this.use = obeyed.use
    if (obeyed.change) {
      const made = changeSettings(line, obeyed.change, directory)
      if (made.kind === 'refused')
        throw new Error('said as done, and refused by the rules')
      this.directory = withLine(directory, made.line)
    }
    const { says, andThen, digits, seconds } = obeyed.saying
    const words = [obeyed.refused ? 'no' : '', says, andThen, digits, seconds]
    return words.filter((word) => word !== undefined && word !== '').join(' ')
  }
}
