/**
 * The smallest switchboard for trying the rig: line N registers with password `secret-N`
 * and is reached by dialling N. Written by hand; the product's own files are richer.
 */
export function switchboard(address: string, lines: string[]): Record<string, string> {
  const line = (number: string): string => `
[${number}]
type = endpoint
context = lines
disallow = all
allow = alaw,ulaw
auth = ${number}
aors = ${number}
direct_media = no
[${number}]
type = auth
auth_type = digest
username = ${number}
password = secret-${number}
[${number}]
type = aor
max_contacts = 1
remove_existing = yes
`
  return {
    'modules.conf': `[modules]
autoload = yes
noload = chan_iax2.so
noload = chan_unistim.so
noload = chan_ooh323.so
noload = pbx_dundi.so
noload = cdr_sqlite3_custom.so
noload = res_phoneprov.so
noload = res_config_ldap.so
noload = res_stasis_device_state.so
noload = res_ari_device_states.so
`,
    'pjsip.conf': `[udp]
type = transport
protocol = udp
bind = ${address}:5060
[tcp]
type = transport
protocol = tcp
bind = ${address}:5060
[sipp]
type = endpoint
context = lines
disallow = all
allow = alaw
aors =
[sipp]
type = identify
endpoint = sipp
match = ${address.replace(/\d+$/, '90')}
${lines.map(line).join('')}`,
    'extensions.conf': `[lines]
exten => _1XX,1,Dial(PJSIP/\${EXTEN},20)
exten => 600,1,Answer()
same => n,Echo()
exten => 601,1,Answer()
same => n,Read(DIGITS,,3,,,5)
same => n,NoOp(read \${DIGITS})
same => n,Set(GLOBAL(READ)=\${DIGITS})
same => n,Hangup()
exten => 602,1,Hangup(17)
`,
    'rtp.conf': '[general]\nrtpstart = 10000\nrtpend = 10999\n',
    'logger.conf': '[logfiles]\nfull = notice,warning,error,verbose\n',
  }
}
