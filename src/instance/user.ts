import { readFileSync } from 'node:fs'

/** An account of the machine. */
export type User = { name: string; uid: number; gid: number }

/**
 * Who Asterisk runs as: never root. Debian's package makes the account `asterisk`; where
 * it is not installed `nobody` serves. Undefined: we are no root, it runs as ourselves.
 */
export function chooseUser(passwd = '/etc/passwd'): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync(passwd, 'utf8').split('\n').map(account)
  for (const name of ['asterisk', 'nobody']) {
    const found = accounts.find((user) => user.name === name)
    if (found && found.uid > 0) return found
  }
  return { name: 'nobody', uid: 65534, gid: 65534 }
}

function account(line: string): User {
  const [name = '', , uid, gid] = line.split(':')
  return { name, uid: Number(uid), gid: Number(gid) }
}
