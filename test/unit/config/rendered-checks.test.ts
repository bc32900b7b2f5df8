import { describe, expect, it } from 'vitest'
import type { GeneratedFile } from '../../../src/config/deployment.js'
import { checkRendered } from '../../../src/config/rendered-checks.js'

/** The least that has one line, one trunk and a dialplan. */
const fine: Record<string, string> = {
  'pjsip.conf': '[global]\ntype=global\n#include "pjsip_trunks.conf"\n',
  'pjsip_auth.conf': '[0033972100001]\ntype=auth\n',
  'pjsip_aors.conf': '[0033972100001]\ntype=aor\n#include "pjsip_trunks.conf"\n',
  'pjsip_lines.conf': [
    '[line](!)\ntype=endpoint\ncontext=from-line\nmessage_context=from-line\n',
    '[0033972100001](line)\nauth=0033972100001\naors=0033972100001\n',
    '#include "pjsip_trunks.conf"\n',
  ].join(''),
  'pjsip_trunks.conf': [
    '[carrier]\ntype=endpoint\ncontext=from-line\naors=carrier\n[carrier]\ntype=aor\n',
    '[carrier]\ntype=identify\nendpoint=carrier\nmatch=127.0.0.5\n',
  ].join(''),
  'extensions.conf': [
    '[general]\nstatic=yes\n[globals]\nA=1\n',
    '[from-line]\ninclude => inner\n',
    '[inner]\nexten => 112,1,Dial(PJSIP/\u0024{EXTEN}@carrier,20,i)\n same => n,Hangup()\n',
    '[ring]\nexten => _X!,1,Dial(PJSIP/\u0024{EXTEN},20,ib(called^0^1))\n',
  ].join(''),
}

/** The codes found when text is added to one file. */
function withMore(name: string, text: string): string[] {
  const files = { ...fine, [name]: `${fine[name] ?? ''}${text}\n` }
  return codes(
    Object.entries(files).map(([file, whole]) => ({ name: file, text: whole })),
  )
}

function codes(files: GeneratedFile[]): string[] {
  return checkRendered(files).map(({ code }) => code)
}

const endpoint = '[0033972100002]\ntype=endpoint\nauth=0033972100001\naors=0033972100001'

describe('rendered files are refused for', () => {
  it.each([
    ['a long line', 'a.conf', `[s]\na=${'x'.repeat(999)}`, 'rendered.longLine'],
    [
      'a long line of wide characters',
      'a.conf',
      `[s]\na=${'é'.repeat(500)}`,
      'rendered.longLine',
    ],
    [
      'a foreign include',
      'extensions.conf',
      '#include "/etc/passwd"',
      'rendered.directive',
    ],
    ['an #exec', 'a.conf', '[s]\n#exec /bin/true', 'rendered.directive'],
    ['a block comment', 'a.conf', '[s]\na=1;--', 'rendered.blockComment'],
    ['the end of one', 'a.conf', '[s]\na=1--;', 'rendered.blockComment'],
    ['a line without =', 'a.conf', '[s]\nhello', 'rendered.unreadable'],
    ['an open header', 'a.conf', '[s', 'rendered.unreadable'],
    ['a second aor', 'pjsip_aors.conf', '[carrier]\ntype=aor', 'rendered.duplicate'],
    ['an unknown type', 'pjsip_lines.conf', '[x]\ntype=aors', 'rendered.type'],
    [
      'an unknown option',
      'pjsip_lines.conf',
      '[x]\ntype=aor\nmax_contact=1',
      'rendered.option',
    ],
    [
      'no such auth',
      'pjsip_lines.conf',
      `${endpoint}\ncontext=ring\nauth=x`,
      'rendered.reference',
    ],
    [
      'no such aor',
      'pjsip_lines.conf',
      `${endpoint}\ncontext=ring\naors=x`,
      'rendered.reference',
    ],
    [
      'no such context',
      'pjsip_lines.conf',
      `${endpoint}\ncontext=nowhere`,
      'rendered.reference',
    ],
    ['no context', 'pjsip_lines.conf', endpoint, 'rendered.context'],
    [
      'an endpoint without password or address',
      'pjsip_lines.conf',
      '[x]\ntype=endpoint\ncontext=ring\naors=carrier',
      'rendered.open',
    ],
    [
      'a user text in the dialplan',
      'extensions.conf',
      '[x]\nexten => 1,1,NoOp(Éloïse)',
      'rendered.userText',
    ],
    [
      'a Dial without i',
      'extensions.conf',
      '[x]\nexten => 1,1,Dial(PJSIP/1,20)',
      'rendered.dialOption',
    ],
    [
      'a Dial with i in a parenthesis only',
      'extensions.conf',
      '[x]\nexten => 1,1,Dial(PJSIP/1,20,b(wait^i^1))',
      'rendered.dialOption',
    ],
    [
      'a Dial of a line that nothing guards',
      'extensions.conf',
      '[x]\nexten => 1,1,Dial(PJSIP/1,20,ib(auto-answer^s^1))',
      'rendered.dialGuard',
    ],
    [
      'a Dial of a contact that nothing has looked at',
      'extensions.conf',
      '[x]\nexten => 1,1,Dial(\u0024{LK_TO},20,i)',
      'rendered.dialGuard',
    ],
    [
      'a door that dials what was dialled',
      'extensions.conf',
      '[from-line](+)\nexten => _X.,1,Dial(PJSIP/\u0024{EXTEN},20,i)',
      'rendered.dialExten',
    ],
    [
      'a door behind an include that does',
      'extensions.conf',
      '[inner](+)\nexten => _!,1,NoOp()\n same => n,Dial(PJSIP/\u0024{EXTEN:1},20,i)',
      'rendered.dialExten',
    ],
    ['System', 'extensions.conf', '[x]\nexten => 1,1,System(id)', 'rendered.power'],
    [
      'SHELL',
      'extensions.conf',
      '[x]\nexten => 1,1,Set(A=\u0024{SHELL(id)})',
      'rendered.power',
    ],
  ])('%s', (_what, file, text, code) => {
    expect(withMore(file, text)).toContain(code)
  })

  it('a file that is listed as an include and missing', () => {
    const text = '[global]\ntype=global\n#include "pjsip_trunks.conf"\n'
    expect(codes([{ name: 'pjsip.conf', text }])).toContain('rendered.unreadable')
  })
})

describe('rendered files are fine with', () => {
  it.each([
    ['nothing more', 'a.conf', ''],
    ['the place of the operator', 'a.conf', '[s]\n#tryinclude "../custom/a_custom.conf"'],
    ['a comment', 'a.conf', '; --- doors ---'],
    [
      'a variable in the options',
      'extensions.conf',
      '[x]\nexten => 1,1,Dial(PJSIP/1@carrier,20,i\u0024{O})',
    ],
    [
      'a bounded door',
      'extensions.conf',
      '[from-line](+)\nexten => 3179,1,Dial(PJSIP/\u0024{EXTEN}@carrier,9,i)',
    ],
    ['a site file beside them', 'site.yaml', '#anything ;-- goes'],
  ])('%s', (_what, file, text) => {
    expect(withMore(file, text)).toEqual([])
  })
})
