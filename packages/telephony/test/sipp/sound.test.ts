import { expect, test } from 'vitest'
import { createPhoneSound, type Line } from '../../src/index.ts'
import { memoryRooms } from '../support/memory-rooms.ts'
import { answer, invited, receive, reply, scenario, sound } from '../support/scenario.ts'
import { SIPP, startSipp } from '../support/sipp.ts'
import { openTelephone } from '../support/telephone.ts'
import { startTelephone, story } from '../support/telephones.ts'
import { amplitudeOf } from '../support/tone.ts'
import { until } from '../support/wait.ts'

test.skipIf(!SIPP)(
  'a call over SIP: signalling by sipp, its sound in a room, both ways',
  async () => {
    const { rooms, sing, spoken, said, bridges } = memoryRooms()
    // Below the ports that systems give to whoever asks for any.
    const first = 12_000 + (process.pid % 500) * 16
    const media = createPhoneSound({
      rooms,
      ports: { first, last: first + 15 },
      bind: '127.0.0.1',
      log: () => {},
    })
    const phone = await openTelephone('PCMA')
    const body = sound({ port: phone.target.port })
    const sipp = await startSipp({
      scenario: scenario(
        invited(),
        answer('180 Ringing'),
        answer('200 OK', { body, attributes: 'retrans="500"' }),
        receive('ACK'),
        receive('BYE'),
        reply('200 OK'),
      ),
    })
    const { telephone } = await startTelephone({ port: sipp.port }, { media })
    const call = telephone.dial('+49 30 123')
    const { told, until: tells } = story(call)
    await tells('answered')
    const line = call.line as Line
    phone.speak(line.port, 440)
    await media.join(line, { room: 'r', peer: 'caller' })
    const stop = sing('r', 900)
    await until(() => amplitudeOf(phone.last(25), 900, 8_000) > 5_000)
    await until(() => (spoken.get('r/caller') ?? []).length > 25)
    // A window in which the busy machine lost nothing.
    await until(() => amplitudeOf(said('r', 'caller', 25), 440, 48_000) > 4_000)
    phone.press(9, 1_000_000)
    await tells('digit 9')
    call.hangUp()
    await sipp.done
    expect(told).toEqual(['ringing', 'answered', 'digit 9', 'ended hungUp 0'])
    expect([...bridges.keys()]).toEqual([])
    stop()
    phone.close()
    await media.close()
  },
)
