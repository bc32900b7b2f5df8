/** A channel as Asterisk 22.10.1 describes it, with what we read and some of the rest. */
export function channel(id: string, changes: object = {}): object {
  return {
    ...{ id, name: 'PJSIP/0033972100001-0000002a', state: 'Ring', protocol_id: 'x@y' },
    caller: { name: '', number: '0033972100001' },
    connected: { name: '', number: '' },
    ...{ accountcode: '', creationtime: '2026-01-31T10:00:00.000+0000', language: 'fr' },
    dialplan: { context: 'lines', exten: '0972100002', priority: 1, app_name: 'NoOp' },
    ...changes,
  }
}

/** A leg that waits in Stasis for the answer to its question. */
export function asking(id: string, changes: object = {}): object {
  const stasis = { app_name: 'Stasis', app_data: 'linekeeper,departure,' }
  const dialplan = { context: 'lines', exten: '0972100002', priority: 2, ...stasis }
  return channel(id, { dialplan, ...changes })
}

export function stasisStart(id: string, changes: object = {}): object {
  const told = { type: 'StasisStart', application: 'linekeeper', args: ['departure', ''] }
  return {
    ...told,
    timestamp: '2026-01-31T10:00:00.100+0000',
    channel: asking(id),
    ...changes,
  }
}

export function destroyed(id: string): object {
  return { type: 'ChannelDestroyed', cause: 16, cause_txt: '', channel: channel(id) }
}
