import { type evidence, type Handlers, ProtocolError } from '@yuntang/protocol'
import type { Throttle } from '../../accounts/throttle.ts'
import type { Context } from '../../actor/context.ts'
import type { HandedIn } from './handed-in.ts'
import type { Notary } from './notary.ts'
import { witnessOf } from './policy.ts'

export interface EvidenceHandlersDeps {
  readonly notary: Notary
  readonly handedIn: HandedIn
  readonly throttle: Throttle
}

export const evidenceHandlers = ({
  notary,
  handedIn,
  throttle,
}: EvidenceHandlersDeps): Handlers<typeof evidence, Context> => ({
  stamp(progress, ctx) {
    const who = witnessOf(ctx)
    if (!throttle.take(`${who.account}\n${who.account ? '' : who.meeting}\n${who.userID}`))
      throw new ProtocolError('rate.exceeded')
    return { stamp: notary.stamp(progress, who) }
  },

  attach({ recording, from, stamps }, ctx) {
    handedIn.add(witnessOf(ctx), recording, from, stamps)
    return {}
  },
})
