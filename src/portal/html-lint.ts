/** What our pages must not contain, whatever the view: see CSP and T39. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\{\{\{|\{\{~?&/, 'a value that is not escaped'],
  [/\sstyle\s*=/i, 'an inline style, which the content security policy stops'],
  [/\son[a-z]+\s*=/i, 'an inline handler, which the content security policy stops'],
  [
    /<script(?![^>]*\ssrc=)/i,
    'an inline script, which the content security policy stops',
  ],
  [/<style/i, 'an inline style sheet, which the content security policy stops'],
  [/\s[\w-]+=\{\{/, 'an attribute without quotes, out of which a value could step'],
  [
    /(?:href|src|action)="\{\{/i,
    'an address that a value begins: it could be javascript:',
  ],
  [/hx-on/i, 'a handler of htmx, which needs eval'],
]

/** What is wrong with a template of the portal: one sentence per fault, with its line. */
export function lintHtml(source: string): readonly string[] {
  return source
    .split('\n')
    .flatMap((line, at) =>
      FORBIDDEN.filter(([pattern]) => pattern.test(line)).map(
        ([, fault]) => `line ${at + 1}: ${fault}`,
      ),
    )
}
