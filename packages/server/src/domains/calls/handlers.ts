import {
  type CallMeetingRef,
  type calls,
  type Handlers,
  type In,
  LIMITS,
  ProtocolError,
  type Requests,
} from '@yuntang/protocol'
import type { Attempts } from '../../accounts/attempts.ts'
import type { Context, User } from '../../actor/context.ts'
import type { Reachability } from '../../actor/engagements.ts'
import { addressName } from '../../core/address-name.ts'
import type { Clock } from '../../core/clock.ts'
import { createMailbox, type Mailbox } from '../../core/mailbox.ts'
import type { MeetingStore, UserStore } from '../../storage/port.ts'
import type { NamedMeeting, Reach } from './decide.ts'
import type { Exchange } from './exchange.ts'
import type { Lookups } from './lookups.ts'
import { mayInvite, mayRefer } from './policy.ts'

export interface CallsDeps {
  readonly clock: Clock
  readonly meetings: Pick<MeetingStore, 'find'>
  readonly users: Pick<UserStore, 'find'>
  readonly directory: { find(account: string, userID: string): Context | undefined }
  readonly exchange: Exchange
  readonly lookups: Lookups
  readonly reachability: Reachability
  /** Null: no telephone can be invited. */
  readonly phones: PhoneStarts | null
  /** Wrong meeting numbers and passwords, by address; the same count as for entering. */
  readonly guesses: Attempts
}

/** Invites to telephones as their requests see them. */
export interface PhoneStarts {
  /** Whether it is a number or address that can be called. */
  canCall(called: string): boolean
  /** Resolves once the telephone of an invite is being rung; rejects when it cannot be. */
  rung(callID: string): Promise<void>
}

type StartParams = In<Requests['calls.call']>

const checkText = (ext: string) => {
  if (Buffer.byteLength(ext) > LIMITS.freeTextBytes) throw new ProtocolError('param.invalid')
}

export const callsHandlers = (deps: CallsDeps): Handlers<typeof calls, Context> => {
  const { clock, exchange, lookups, directory, reachability } = deps
  const mailboxes = new WeakMap<Context, Mailbox>()

  /** One page's operations happen in the order in which it asked, whatever they have to look up. */
  const inOrder = <T>(ctx: Context, turn: () => Promise<T> | T): Promise<T> => {
    const mailbox = mailboxes.get(ctx) ?? createMailbox()
    mailboxes.set(ctx, mailbox)
    return mailbox.run(turn)
  }

  /** The login may have ended while something was looked up. */
  const stillLoggedIn = (ctx: Context, user: User) => {
    if (ctx.user !== user || ctx.link.ended) throw new ProtocolError('login.required')
  }
  const userOf = (ctx: Context): User => {
    if (!ctx.user) throw new ProtocolError('login.required')
    return ctx.user
  }

  const meetingOf = async (ctx: Context, user: User, ref: CallMeetingRef) => {
    if (ref.id === 0) return { meeting: 'none' as NamedMeeting, permitted: false }
    const end = await deps.guesses.begin(addressName(ctx.link.address))
    if (!end) throw new ProtocolError('rate.exceeded')
    const record = await deps.meetings.find(ref.id).catch((error: unknown) => {
      end(false)
      throw error
    })
    const known = record !== null && mayRefer(user, record, ref.password)
    end(!known)
    if (!known) return { meeting: 'unknown' as NamedMeeting, permitted: false }
    const { id, subject, slug, creator } = record
    const meeting: NamedMeeting = {
      id,
      password: ref.password,
      subject,
      slug,
      creator,
      extra: ref.extra ?? '',
    }
    return { meeting, permitted: mayInvite(ctx, user, record) }
  }

  const reachOf = async (account: string, caller: string, called: string, invite: boolean) => {
    const known =
      directory.find(account, called) !== undefined ||
      (await deps.users.find(account, called)) !== null
    const isPhone = invite && deps.phones?.canCall(called) === true
    return (): Reach => {
      if (!known) return isPhone ? 'phone' : 'unknown'
      if (!directory.find(account, called)) return 'offline'
      if (reachability.dnd({ account, userID: called }) === 0) return 'free'
      return !invite && reachability.paired(account, caller, called) ? 'free' : 'dnd'
    }
  }

  const start = (
    ctx: Context,
    p: StartParams,
    family: In<Requests['calls.invite']>['family'] | null,
  ) => {
    checkText(p.ext)
    return inOrder(ctx, () =>
      lookups.watch(p.meeting.id, async (ended) => {
        const user = userOf(ctx)
        const { meeting, permitted } = await meetingOf(ctx, user, p.meeting)
        const reach = await reachOf(user.account, user.userID, p.called, family !== null)
        stillLoggedIn(ctx, user)
        exchange.commit(user.account, {
          type: family ? 'invite' : 'call',
          id: p.callID,
          caller: user.userID,
          callerName: user.nickName,
          called: p.called,
          calledName: directory.find(user.account, p.called)?.user?.nickName ?? '',
          meeting: ended() ? 'unknown' : meeting,
          ext: p.ext,
          family,
          reach: reach(),
          permitted,
        })
        return {}
      }),
    )
  }

  return {
    call: (p, ctx) => start(ctx, p, null),
    async invite(p, ctx) {
      await start(ctx, p, p.family)
      // Other operations of the page go on meanwhile, so that it can cancel.
      await deps.phones?.rung(p.callID)
      return {}
    },

    accept({ callID, meeting: ref, ext }, ctx) {
      checkText(ext)
      return inOrder(ctx, () =>
        lookups.watch(ref.id, async (ended) => {
          const user = userOf(ctx)
          const { meeting } = await meetingOf(ctx, user, ref)
          stillLoggedIn(ctx, user)
          exchange.commit(user.account, {
            type: 'accept',
            id: callID,
            userID: user.userID,
            at: clock.now(),
            meeting: ended() ? 'unknown' : meeting,
            ext,
          })
          return {}
        }),
      )
    },

    reject({ callID, ext }, ctx) {
      checkText(ext)
      return inOrder(ctx, () => {
        const { account, userID } = userOf(ctx)
        exchange.commit(account, { type: 'reject', id: callID, userID, ext })
        return {}
      })
    },

    hangUp({ callID, ext }, ctx) {
      checkText(ext)
      return inOrder(ctx, () => {
        const { account, userID } = userOf(ctx)
        exchange.commit(account, { type: 'hangUp', id: callID, userID, ext })
        return {}
      })
    },

    cancelInvite({ callID, family, ext }, ctx) {
      checkText(ext)
      return inOrder(ctx, () => {
        const { account, userID } = userOf(ctx)
        exchange.commit(account, { type: 'cancelInvite', id: callID, userID, family, ext })
        return {}
      })
    },

    current(_params, ctx) {
      const call = exchange.describe(ctx, userOf(ctx))
      return { calls: call ? [call] : [] }
    },
  }
}
