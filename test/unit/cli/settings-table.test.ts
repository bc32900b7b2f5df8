import { expect, it } from 'vitest'
import { settingRows } from '../../../src/cli/settings-table.js'

const forwards = { unconditional: null, noAnswer: null, busy: null, unreachable: null }
const settings = { forwarding: forwards, rememberedForwards: forwards }

it.each([
  [{ absent: true }, ['absent', 'on']],
  [{ lock: null }, ['lock', 'none']],
  [{ callWaiting: { beep: 'server' } }, ['callWaiting.beep', 'server']],
  [{ voicemail: { mail: [] } }, ['voicemail.mail', 'none']],
  [
    {
      voicemail: {
        mail: [
          { to: 'a@example.org', attach: true },
          { to: 'b@example.org', attach: false },
        ],
      },
    },
    ['voicemail.mail', 'a@example.org,b@example.org:notice'],
  ],
  [
    { filters: { incoming: { entries: ['0612345678', 'anonymous'] } } },
    ['filters.incoming.entries', '0612345678,anonymous'],
  ],
])('%j is shown as it is set', (some, row) => {
  expect(settingRows({ ...settings, ...some })).toContainEqual(row)
})
