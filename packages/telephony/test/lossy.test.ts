import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assemble } from '../src/agent/create.ts'
import type { TelephoneOptions } from '../src/index.ts'
import { writeMessage } from '../src/sip/message/message.ts'
import { parseDatagram } from '../src/sip/message/parse.ts'
import type { Transport, TransportEvents } from '../src/sip/transport/port.ts'
import { TrunkAddresses } from '../src/sip/transport/resolver.ts'
import { type FakeClock, fakeClock } from './support/clock.ts'
import { heard } from './support/dialled.ts'
import { notedMedia } from './support/lines.ts'
import './support/seed.ts'

/** What happens to each datagram in turn: lost, or after so many milliseconds here, or twice. */
interface Fate {
  readonly delays: readonly number[]
}

/** Two telephones that are each other's trunk, over a network that does with datagrams what it likes. */
const pair = async (clock: FakeClock, fates: readonly Fate[]) => {
  const events: TransportEvents[] = []
  const addresses = ['192.0.2.1', '192.0.2.2']
  let sent = 0
  let serial = 0
  const side = async (me: number) => {
    const other = addresses[1 - me]!
    const media = notedMedia()
    const options: TelephoneOptions = {
      trunk: { host: other, port: 5060, transport: 'udp' },
      user: '',
      password: '',
      callerID: `100${me}`,
      rewrite: (number) => number,
      localAddress: '',
      localPort: 0,
      media,
      clock,
      ids: () => `id${(++serial).toString(36).padStart(14, '0')}`,
      log: () => {},
    }
    const trunk = new TrunkAddresses(options.trunk, clock, async () => [])
    const transport: Transport = {
      kind: 'UDP',
      reliable: false,
      local: { address: addresses[me]!, port: 5060 },
      send(message) {
        const data = writeMessage(message)
        // Beyond what was decided the network is good, so that everything can come to its end.
        const { delays } = fates[sent++] ?? { delays: [1] }
        for (const ms of delays)
          clock.schedule(ms, () =>
            events[1 - me]!.message(parseDatagram(data), {
              address: addresses[me]!,
              port: 5060,
              connection: 0,
            }),
          )
      },
      ping() {},
      async close() {},
    }
    const made = await assemble(options, trunk, addresses[me]!, async (e) => {
      events[me] = e
      return transport
    })
    return { ...made, media }
  }
  return { caller: await side(0), called: await side(1) }
}

const fate: fc.Arbitrary<Fate> = fc
  .array(fc.integer({ min: 1, max: 700 }), { maxLength: 2 })
  .map((delays) => ({ delays }))

test('lost, late, doubled and overtaking datagrams: both sides agree, and nothing is kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { maxLength: 40 }),
      fc.constantFrom('caller', 'called', 'refuse', 'cancel'),
      async (fates, ending) => {
        const clock = fakeClock()
        const { caller, called } = await pair(clock, fates)
        const told: string[][] = []
        called.telephone.on('incoming', (call) => {
          told.push(heard(call))
          if (ending === 'refuse') call.hangUp()
          else if (ending !== 'cancel') call.answer()
          if (ending === 'called')
            call.on('answered', () => clock.schedule(2000, () => call.hangUp()))
        })
        const call = caller.telephone.dial('1001')
        const mine = heard(call)
        if (ending === 'caller')
          call.on('answered', () => clock.schedule(2000, () => call.hangUp()))
        if (ending === 'cancel') clock.schedule(3000, () => call.hangUp())
        await clock.advance(200_000)
        const end = { caller: 'hungUp 0', called: 'hungUp 0', refuse: 'refused 603' }
        const wanted = ending === 'cancel' ? 'cancelled 0' : end[ending as keyof typeof end]
        // A network that loses everything for 32 s is no network.
        if (mine.at(-1) !== 'ended unreachable 0') expect(mine.at(-1)).toBe(`ended ${wanted}`)
        expect(told.length).toBeLessThanOrEqual(1)
        for (const theirs of told) expect(theirs.at(-1)).toMatch(/^ended /)
        for (const side of [caller, called]) {
          expect(side.layer.size).toBe(0)
          expect(side.media.lines.filter((line) => !line.closed)).toEqual([])
        }
      },
    ),
    { numRuns: 250, endOnFailure: true },
  )
})
