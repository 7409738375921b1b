import { Member, ScreenShare, SharedPlay } from '@yuntang/protocol'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Context, Seat } from '../../actor/context.ts'

/** What is kept of a page for a restart; secrets only as hashes. */
const Saved = Type.Object({
  instance: Type.String(),
  base: Type.String(),
  login: Type.Union([
    Type.Null(),
    Type.Object({
      account: Type.String(),
      userID: Type.String(),
      nickName: Type.String(),
      proofHash: Type.String(),
    }),
  ]),
  seat: Type.Union([
    Type.Null(),
    Type.Object({
      id: Type.String(),
      meeting: Type.Integer(),
      since: Type.Number(),
      member: Member,
      /** The screen that this page shares. */
      screen: Type.Optional(ScreenShare),
      /** Media that this page plays to the meeting. */
      media: Type.Optional(SharedPlay),
    }),
  ]),
})
export type Saved = Static<typeof Saved>

const saved = Compile(Saved)

/** What a seat shares with its meeting. */
export interface Shares {
  readonly screen?: ScreenShare
  readonly media?: SharedPlay
}
export type ShareOf = (seat: Seat) => Shares

/** Null when there is nothing to come back to. */
export const describePage = ({ link, user, seat }: Context, shareOf: ShareOf): Saved | null => {
  const member = seat?.room.member(seat.userID)
  if (link.ended || (!user && !member)) return null
  return {
    instance: link.instance,
    base: link.base,
    login: user,
    seat:
      seat && member
        ? {
            id: seat.id,
            meeting: seat.room.id,
            since: seat.since,
            member,
            ...shareOf(seat),
          }
        : null,
  }
}

/** Null when another version of the server wrote it otherwise. */
export const readSaved = (data: string): Saved | null => {
  try {
    const value: unknown = JSON.parse(data)
    return saved.Check(value) ? value : null
  } catch {
    return null
  }
}
