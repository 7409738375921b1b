import type { Stack } from '../agent/stack.ts'
import { Negotiation } from '../sdp/negotiation.ts'
import type { Sound } from './session.ts'

/** A number for `o=` that no other call has: 48 bits of an id. */
const sessionNumber = (id: string): number =>
  Number.parseInt(Buffer.from(id).toString('hex').slice(0, 12), 16)

/** A port for the sound of a call, and what is to be agreed about it; null when there is none. */
export const openSound = async ({ media, ids, address, log }: Stack): Promise<Sound | null> => {
  try {
    const line = await media.open()
    const own = { session: sessionNumber(ids()), address, port: line.port }
    return { line, negotiation: new Negotiation(own) }
  } catch (error) {
    log('error', 'No port for the sound of a call.', { error })
    return null
  }
}
