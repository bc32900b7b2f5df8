/** What makes one family of phones answer an intercom call by itself. */
export interface AutoAnswerStyle {
  readonly style: string
  /** How its User-Agent begins, in any case; the first style has none and is for the rest. */
  readonly agent: string
  readonly byAgent: boolean
  readonly headers: readonly { readonly name: string; readonly value: string }[]
}

/**
 * Headers by phone, from the vendors' manuals and from what other systems send
 * (design/ecosystem.md §8). One Call-Info and one Alert-Info reach most phones;
 * bare words break the grammar of RFC 3261, so only those who need one get it.
 */
const TABLE: readonly {
  readonly style: string
  readonly agents: readonly string[]
  readonly callInfo?: string
  readonly alertInfo?: string
}[] = [
  {
    style: 'standard',
    agents: [''],
    callInfo: '<sip:HOST>;answer-after=0',
    alertInfo: '<http://HOST>;info=alert-autoanswer;delay=0',
  },
  // Obeys an Alert-Info whose text is mapped on the phone: this one must be provisioned.
  { style: 'polycom', agents: ['Poly'], alertInfo: '<http://linekeeper-autoanswer>' },
  { style: 'digium', agents: ['Digium', 'Sangoma'], alertInfo: 'ring-answer' },
  { style: 'panasonic', agents: ['Panasonic'], alertInfo: 'Intercom' },
]

/** The table, with the address that the headers name. */
export function autoAnswerStyles(host: string): AutoAnswerStyle[] {
  return TABLE.flatMap(({ style, agents, callInfo, alertInfo }) =>
    agents.map((agent, index) => ({
      style: index === 0 ? style : `${style}${index}`,
      agent,
      byAgent: agent !== '',
      headers: [
        ...(callInfo ? [{ name: 'Call-Info', value: callInfo }] : []),
        ...(alertInfo ? [{ name: 'Alert-Info', value: alertInfo }] : []),
      ].map(({ name, value }) => ({ name, value: value.replace('HOST', host) })),
    })),
  )
}
