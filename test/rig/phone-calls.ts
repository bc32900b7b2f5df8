import type { PhoneEvent } from './baresip-control.js'

/** One call as the phone sees it. */
export type PhoneCall = {
  /** The Call-ID; names the call in the methods of the phone. */
  id: string
  direction: 'incoming' | 'outgoing'
  /** The other party, as a SIP address, and the name it shows. */
  peer: string
  peerName: string
  /** `calling` until the far end rings, `ringing` on either end, then `talking`, `ended`. */
  state: 'calling' | 'ringing' | 'talking' | 'ended'
  /** Why it ended: `486 Busy Here`, `Connection reset by peer` … */
  reason: string
  /** Digits that came from the far end during the call. */
  digits: string
}

/** All calls in what the phone told since it was started, oldest first. */
export function phoneCalls(events: PhoneEvent[]): PhoneCall[] {
  const calls = new Map<string, PhoneCall>()
  for (const event of events) {
    if (!event.id || !event.type.startsWith('CALL_')) continue
    const call = calls.get(event.id) ?? begun(event.id, event)
    calls.set(event.id, call)
    follow(call, event)
  }
  return [...calls.values()]
}

function begun(id: string, event: PhoneEvent): PhoneCall {
  return {
    id,
    direction: event.direction === 'incoming' ? 'incoming' : 'outgoing',
    peer: event.peeruri ?? '',
    peerName: event.peerdisplayname ?? '',
    state: 'calling',
    reason: '',
    digits: '',
  }
}

function follow(call: PhoneCall, event: PhoneEvent): void {
  switch (event.type) {
    case 'CALL_INCOMING':
    case 'CALL_RINGING':
      call.state = 'ringing'
      break
    case 'CALL_ESTABLISHED':
      call.state = 'talking'
      break
    case 'CALL_DTMF_START':
      call.digits += event.param ?? ''
      break
    case 'CALL_CLOSED':
      call.state = 'ended'
      call.reason = event.param ?? ''
      break
  }
}
