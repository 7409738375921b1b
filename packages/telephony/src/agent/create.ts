import { isIP } from 'node:net'
import { KeyRing } from '../sip/digest/key-ring.ts'
import { escapeUser, hostText, readUri } from '../sip/grammar/uri.ts'
import { TransactionLayer } from '../sip/transaction/layer.ts'
import type { TransportEvents } from '../sip/transport/port.ts'
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

/**
 * Starts a telephone on a trunk. Rejects when the options make no sense or the port is taken; a trunk
 * that cannot be reached is told by each call and by the registration.
 */
export const createTelephone = async (options: TelephoneOptions): Promise<Telephone> => {
  check(options)
  const wanted = addressIn('localAddress', options.localAddress)
  const announced = addressIn('publicAddress', options.publicAddress)
  const { clock, ids, log } = options
  const trunk = new TrunkAddresses(options.trunk.host, clock, options.lookup ?? systemLookup)
  const address = await ownAddress(wanted, trunk)
  const events: TransportEvents = {
    message: (message, from) => layer.receive(message, from),
    damaged: (error, from) => layer.damaged(error, from),
  }
  const socket = {
    address,
    port: options.localPort,
    allows: (source: string) => trunk.allows(source),
    events,
  }
  const transport = await (options.trunk.transport === 'tcp'
    ? openTcp({ ...socket, clock })
    : openUdp(socket))
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
  const own = options.user || options.callerID
  const at = `${hostText(announced || address)}:${transport.local.port}`
  const stack: Stack = {
    layer,
    keys: new KeyRing({ user: options.user, password: options.password }, ids),
    clock,
    ids,
    log,
    media: options.media,
    address: announced || address,
    contact: `<sip:${own ? `${escapeUser(own)}@` : ''}${at}${transport.kind === 'TCP' ? ';transport=tcp' : ''}>`,
    ringFor: options.ringFor ?? 60_000,
    trunk,
    hops: async () =>
      (await trunk.get(isIP(address) as 4 | 6)).map((one) => ({
        address: one,
        port: options.trunk.port,
        connection: 0,
      })),
  }
  const agent: UserAgent = new UserAgent(options, stack, transport)
  agent.start()
  return agent
}
