import { ProtocolError } from '@yuntang/protocol'
import type { PhoneSound, Telephone } from '@yuntang/telephony'
import type { Attempts } from '../../accounts/attempts.ts'
import type { Room } from '../../actor/room.ts'
import type { MeetingStore } from '../../storage/port.ts'
import { DialIn, type DialInDeps } from './dial-in-calls.ts'
import { PhoneInvites, type PhoneInvitesDeps } from './invites.ts'
import type { Prompts } from './prompts.ts'
import { PhoneSeats, type PhoneSeatsDeps } from './seats.ts'

/** A telephone on a trunk, and its sound. The owner closes both. */
export interface PhonePorts {
  readonly telephone: Telephone
  readonly sound: PhoneSound
  /** What who dials in is told; null: nobody may. */
  readonly prompts: Prompts | null
}

export interface PhonesDeps
  extends Omit<PhoneSeatsDeps, 'sound' | 'store'>,
    Pick<PhoneInvitesDeps, 'commit'>,
    Pick<DialInDeps, 'users' | 'directory'> {
  readonly store: Pick<MeetingStore, 'find'>
  readonly guesses: Attempts
}

/** The telephones of this server: in meetings, invited, and dialling in. */
export interface Phones {
  readonly seats: PhoneSeats
  readonly invites: PhoneInvites
  /** Opens a telephone's microphone; false when the member is none. Throws mic.limit. */
  openMic(room: Room, userID: string): boolean
  close(): void
}

export const createPhones = (ports: PhonePorts, deps: PhonesDeps): Phones => {
  const { telephone, sound, prompts } = ports
  const seats = new PhoneSeats({ ...deps, sound })
  const invites = new PhoneInvites({ ...deps, telephone, seats })
  const dialIn = prompts && new DialIn({ ...deps, prompts, meetings: deps.store, seats })
  const offs = [
    telephone.on('incoming', (call) => (dialIn ? dialIn.take(call) : call.hangUp())),
    sound.on('lost', (line) => {
      invites.soundLost(line)
      dialIn?.soundLost(line)
    }),
  ]
  return {
    seats,
    invites,
    openMic(room, userID) {
      const phone = seats.find(room, userID)
      if (phone?.speak(true) === false) throw new ProtocolError('mic.limit')
      return phone !== undefined
    },
    close() {
      for (const off of offs.splice(0)) off()
      invites.close()
      dialIn?.close()
      seats.close()
    },
  }
}
