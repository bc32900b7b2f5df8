import type { Requests } from './requests.js'

/** Where a message lies: the box of a line, and a folder in it. */
export interface MessagePlace {
  readonly line: string
  readonly folder: string
  /** Asterisk's own name of it, its `msg_id`. */
  readonly id: string
}

/**
 * Deletes a message as the telephone would: Asterisk locks the folder, renumbers what
 * is left, and tells the phone's lamp. Class `user`.
 */
export async function removeMessage(ami: Requests, place: MessagePlace): Promise<void> {
  await ami.send({ Action: 'VoicemailRemove', ...fieldsOf(place) })
}

/** Moves a message to another folder, in the same way. */
export async function moveMessage(
  ami: Requests,
  place: MessagePlace,
  toFolder: string,
): Promise<void> {
  await ami.send({ Action: 'VoicemailMove', ...fieldsOf(place), ToFolder: toFolder })
}

function fieldsOf({ line, folder, id }: MessagePlace): Record<string, string> {
  return { Context: 'default', Mailbox: line, Folder: folder, ID: id }
}
