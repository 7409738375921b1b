import type { TelephoneOptions } from '../../src/index.ts'
import { receive, reply, scenario, sound } from './scenario.ts'
import { startSipp } from './sipp.ts'
import { startTelephone, story } from './telephones.ts'

export const OK = { body: sound(), attributes: 'retrans="500"' }
/** The usual end: we hang up. */
export const BYE = [receive('BYE'), reply('200 OK')]

/** Calls sipp, which does as the steps say. */
export const calling = async (
  transport: 'udp' | 'tcp',
  steps: string[],
  options: Partial<TelephoneOptions> = {},
) => {
  const sipp = await startSipp({ transport, scenario: scenario(...steps) })
  const { telephone, media, log } = await startTelephone({ port: sipp.port, transport }, options)
  const call = telephone.dial('+49 30 123')
  return { sipp, call, media, log, ...story(call) }
}
