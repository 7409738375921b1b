import { isIP } from 'node:net'
import { KeyRing } from '../sip/digest/key-ring.ts'
import { escapeUser, hostText, readUri } from '../sip/grammar/uri.ts'
import { TransactionLayer } from '../sip/transaction/layer.ts'
import type { Transport, TransportEvents } from '../sip/transport/port.ts'
import { systemLookup, TrunkAddresses } from '../sip/transport/resolver.ts'
import { addressTowards } from '../sip/transport/route.ts'
import { openTcp } from '../sip/transport/tcp.ts'
import { openUdp } from '../sip/transport/udp.ts'
import type { Telephone, TelephoneOptions } from '../telephone.ts'
import { trunkUri } from './numbers.ts'
import type { Stack } from './stack.ts'
import { UserAgent } from './user-agent.ts'

/** Reached by the default route; no packet goes there (RFC 5737). */
const SOMEWHERE = '192.0.2.1'

/** IP address of a setting; an unspecified one counts as none. */
const addressIn = (name: string, text: string | undefined): string => {
  if (!text || text === '0.0.0.0' || text === '::') return ''
  if (!isIP(text)) throw new Error(`${name} of the telephone is not an IP address: ${text}`)
  return text
}

const check = ({ trunk, callerID, user }: TelephoneOptions): void => {
  if (!readUri(trunkUri('', trunk))) throw new Error(`Not a host of a trunk: ${trunk.host}`)
  for (const name of [callerID, user])
    if (name && !readUri(trunkUri(name, trunk)))
      throw new Error(`Not a name or number at a trunk: ${name}`)
}

/** The address to bind: the one wanted, or the one the trunk is reached from. */
const ownAddress = async (wanted: string, trunk: TrunkAddresses): Promise<string> => {
  const [remote] = await trunk.get(wanted ? (isIP(wanted) as 4 | 6) : null)
  return wanted || addressTowards(remote ?? SOMEWHERE).catch(() => '127.0.0.1')
}

/** Puts a telephone together on a transport; `address` is the one that the trunk is told. */
export const assemble = async (
  options: TelephoneOptions,
  trunk: TrunkAddresses,
  address: string,
  open: (events: TransportEvents) => Promise<Transport>,
): Promise<{ telephone: Telephone; layer: TransactionLayer }> => {
  const { clock, ids, log, media } = options
  // Whatever a message does, it costs its sender only.
  const guarded = (handle: () => void) => {
    try {
      handle()
    } catch (error) {
      log('error', 'A SIP message could not be handled.', { error })
    }
  }
  const transport = await open({
    message: (message, from) => guarded(() => layer.receive(message, from)),
    damaged: (error, from) => guarded(() => layer.damaged(error, from)),
  })
  const layer: TransactionLayer = new TransactionLayer({
    transport,
    clock,
    ids,
    log,
    handler: {
      request: (tx) => agent.request(tx),
      ack: (ack, envelope) => agent.acknowledge(ack, envelope),
    },
  })
  const name = options.user || options.callerID
  const at = `${name ? `${escapeUser(name)}@` : ''}${hostText(address)}:${transport.local.port}`
  const family = isIP(transport.local.address) as 4 | 6
  const stack: Stack = {
    layer,
    keys: new KeyRing({ user: options.user, password: options.password }, ids),
    clock,
    ids,
    log,
    media,
    address,
    contact: `<sip:${at}${transport.reliable ? ';transport=tcp' : ''}>`,
    ringFor: options.ringFor ?? 60_000,
    trunk,
    async hops() {
      const addresses = await trunk.get(family)
      if (!addresses.length) log('warn', 'The trunk has no address that can be reached from here.')
      return addresses.map((one) => ({ address: one, port: trunk.port, connection: 0 }))
    },
  }
  const agent: UserAgent = new UserAgent(options, stack, transport)
  agent.start()
  return { telephone: agent, layer }
}

/**
 * Starts a telephone on a trunk. Rejects when the options make no sense or the port is taken; a trunk
 * that cannot be reached is told by each call and by the registration.
 */
export const createTelephone = async (options: TelephoneOptions): Promise<Telephone> => {
  check(options)
  const wanted = addressIn('localAddress', options.localAddress)
  const announced = addressIn('publicAddress', options.publicAddress)
  const { clock, localPort: port } = options
  const trunk = new TrunkAddresses(options.trunk, clock, options.lookup ?? systemLookup)
  const address = await ownAddress(wanted, trunk)
  const allows = (source: string) => trunk.allows(source)
  const { telephone } = await assemble(options, trunk, announced || address, (events) =>
    options.trunk.transport === 'tcp'
      ? openTcp({ address, port, allows, events, clock })
      : openUdp({ address, port, allows, events }),
  )
  return telephone
}
