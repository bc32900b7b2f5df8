import { writeFile } from 'node:fs/promises'
import { EnvironmentError } from '../instance/environment-error.js'

/** What somebody said is nobody else's to hear. */
export async function saveRecording(recording: Buffer, file: string): Promise<void> {
  try {
    await writeFile(file, recording, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const why = error.code === 'EEXIST' ? 'is there already' : error.message
    throw new EnvironmentError('file.notWritten', `${file}: ${why}. Name another file`)
  }
}
