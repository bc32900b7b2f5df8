/** A message of RFC 4475 or RFC 5118, and the status it must come to; 0: it is dropped. */
export interface Torture {
  readonly name: string
  /** The section of RFC 4475, or of the RFC it names. */
  readonly section: string
  readonly text: string
  readonly expected: number
}

type Lines = Readonly<Record<string, string | undefined>>

/**
 * Messages of RFC 4475 and RFC 5118 (IPv6) as a stranger sends them, each with a Via that leads back to us
 * (`via`, host and port) and its name as Call-ID and branch. What Asterisk understands it
 * challenges (401) like any other request of somebody unknown, more leniently than the RFC
 * here and there; what it does not, it drops. Only 4xx or silence leaves nothing behind.
 */
export function tortures(via: string, server: string): Torture[] {
  const bob = `sip:bob@${server}`
  const message = (
    name: string,
    section: string,
    start: string,
    expected: number,
    changed: Lines = {},
    body = '',
  ): Torture => {
    const [method = ''] = start.split(' ')
    const lines: Lines = {
      Via: `SIP/2.0/UDP ${via};branch=z9hG4bK${name}`,
      'Max-Forwards': '70',
      From: '<sip:caller@example.com>;tag=torture',
      To: '<sip:bob@example.com>',
      'Call-ID': name,
      CSeq: `1 ${method}`,
      Contact: `<sip:caller@${via}>`,
      ...changed,
      'Content-Length': changed['Content-Length'] ?? String(body.length),
    }
    const head = Object.entries(lines).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}: ${value}`],
    )
    return {
      name,
      section,
      expected,
      text: `${[start, ...head].join('\r\n')}\r\n\r\n${body}`,
    }
  }
  const invite = `INVITE ${bob} SIP/2.0`
  const options = `OPTIONS ${bob} SIP/2.0`
  const register = `REGISTER sip:${server} SIP/2.0`
  return [
    message('wsinv', '3.1.1.1', `INVITE sip:vivekg@${server};unknownparam SIP/2.0`, 481, {
      To: '\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
      From: '"J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8',
      CSeq: '0009\r\n  INVITE',
      NewFangledHeader: 'newfangled value\r\n continued newfangled value',
    }),
    message(
      'intmeth',
      '3.1.1.2',
      `!interesting-Method0123456789_*+\`.%indeed'~ ${bob} SIP/2.0`,
      401,
    ),
    message(
      'esc01',
      '3.1.1.3',
      `INVITE sip:sips%3Auser%40example.com@${server} SIP/2.0`,
      401,
    ),
    message('escnull', '3.1.1.4', register, 401, {
      To: '<sip:null-%00-null@example.com>',
      From: '<sip:null-%00-null@example.com>;tag=839923423',
    }),
    message('esc02', '3.1.1.5', `RE%47IST%45R sip:${server} SIP/2.0`, 401),
    message('lwsdisp', '3.1.1.6', options, 401, {
      From: 'caller<sip:caller@example.com>;tag=323',
    }),
    message('longreq', '3.1.1.7', invite, 401, {
      From: `sip:${'amazinglylongcallername'.repeat(5)}@example.net;tag=${'982424'.repeat(20)}`,
      'Unknown-Header': 'unknownheadervalue'.repeat(40),
    }),
    message(
      'dblreq',
      '3.1.1.8',
      register,
      401,
      { 'Content-Length': '0' },
      `${invite}\r\n`,
    ),
    message(
      'semiuri',
      '3.1.1.9',
      `OPTIONS sip:user;par=u%40example.net@${server} SIP/2.0`,
      401,
    ),
    message('mpart01', '3.1.1.11', `MESSAGE ${bob} SIP/2.0`, 401, {
      'Content-Type': 'multipart/mixed;boundary=7a9cbec02ceef655',
    }),
    message('unreason', '3.1.1.12', 'SIP/2.0 200 = 2**3 * 5**2 but nobody knows', 0),
    message('noreason', '3.1.1.13', 'SIP/2.0 100 ', 0),
    message('badinv01', '3.1.2.1', invite, 0, {
      Contact: '"Joe" <sip:joe@example.org>;;;;',
    }),
    message('ncl', '3.1.2.3', invite, 0, { 'Content-Length': '-999' }),
    message('scalar02', '3.1.2.4', register, 0, {
      CSeq: '36893488147419103232 REGISTER',
    }),
    message('quotbal', '3.1.2.6', invite, 0, {
      To: '"Mr. J. User <sip:j.user@example.com>',
    }),
    message('ltgtruri', '3.1.2.7', `INVITE <${bob}> SIP/2.0`, 0),
    message('lwsruri', '3.1.2.8', `INVITE ${bob}; lr SIP/2.0`, 0),
    message('lwsstart', '3.1.2.9', `INVITE  ${bob}  SIP/2.0`, 401),
    message('trws', '3.1.2.10', `OPTIONS ${bob} SIP/2.0  `, 401),
    message(
      'escruri',
      '3.1.2.11',
      `INVITE ${bob}?Route=%3Csip:example.com%3E SIP/2.0`,
      401,
    ),
    message('baddate', '3.1.2.12', invite, 401, {
      Date: 'Fri, 01 Jan 2010 16:00:00 EST',
    }),
    message('regbadct', '3.1.2.13', register, 0, {
      Contact: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E',
    }),
    message('badaspec', '3.1.2.14', options, 401, {
      To: '"Watson, Thomas" < sip:t.watson@example.org >',
    }),
    message('baddn', '3.1.2.15', options, 401, {
      From: 'Bell, Alexander <sip:a@example.com>;tag=43',
    }),
    message('badvers', '3.1.2.16', `OPTIONS ${bob} SIP/7.0`, 0),
    message('mismatch01', '3.1.2.17', options, 401, { CSeq: '8 INVITE' }),
    message('mismatch02', '3.1.2.18', `NEWMETHOD ${bob} SIP/2.0`, 401, {
      CSeq: '8 INVITE',
    }),
    message('bigcode', '3.1.2.19', 'SIP/2.0 4294967301 better not break the receiver', 0),
    message('insuf', '3.3.1', invite, 0, { From: undefined, To: undefined }),
    message(
      'unkscm',
      '3.3.2',
      'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0',
      0,
    ),
    message('novelsc', '3.3.3', 'OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0', 0),
    message('unksm2', '3.3.4', register, 416, { To: 'isbn:2983792873' }),
    message('bext01', '3.3.5', options, 401, { 'Proxy-Require': 'nothingSupportsThis' }),
    message('invut', '3.3.6', invite, 401, {
      'Content-Type': 'application/unknownformat',
    }),
    message('regaut01', '3.3.7', register, 0, {
      Authorization: 'NoOneKnowsThisScheme opaque-data=here',
    }),
    message('zeromf', '3.3.11', options, 401, { 'Max-Forwards': '0' }),
    message('regescrt', '3.3.14', register, 401, {
      Contact: '<sip:user@example.com?Route=%3Csip:sip.example.com%3E>',
    }),
    message('inv2543', '3.4.1', invite, 401, {
      Via: `SIP/2.0/UDP ${via}`,
      'Max-Forwards': undefined,
    }),
    message('ipv6-good', '5118 4.1', 'REGISTER sip:[2001:db8::10] SIP/2.0', 401, {
      Contact: '<sip:caller@[2001:db8::1]>',
    }),
    message('ipv6-bad', '5118 4.2', 'REGISTER sip:2001:db8::10 SIP/2.0', 0),
    message(
      'port-ambiguous',
      '5118 4.3',
      'REGISTER sip:[2001:db8::10:5070] SIP/2.0',
      401,
    ),
    message(
      'port-unambiguous',
      '5118 4.4',
      'REGISTER sip:[2001:db8::10]:5070 SIP/2.0',
      401,
    ),
    message('received-delimited', '5118 4.5', options, 401, {
      Via: `SIP/2.0/UDP ${via};received=[2001:db8::9:255];branch=z9hG4bKreceived-delimited`,
    }),
    message('received-bare', '5118 4.5', options, 401, {
      Via: `SIP/2.0/UDP ${via};received=2001:db8::9:255;branch=z9hG4bKreceived-bare`,
    }),
    message('ipv4-mapped', '5118 4.10', invite, 401, {
      From: '<sip:caller@[::ffff:192.0.2.10]>;tag=torture',
      Contact: '<sip:caller@[::ffff:192.0.2.2]>',
    }),
  ]
}
