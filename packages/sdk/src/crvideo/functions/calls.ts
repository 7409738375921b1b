import type { CallEnd, CallMeetingRef, Client, InviteFamily, InviteStatus } from '../../api.ts'
import { inviteText, meetingObject, meetingReference } from '../call-objects.ts'
import { text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import type { SlotName } from '../slot-names.ts'
import type { FunctionTable } from './function-table.ts'
import { unreadable } from './meetings.ts'

/** `NotifyCallRejected`'s number by the reason (spec 03 §5). */
const REJECTED: Readonly<Record<CallEnd, number>> = {
  refused: 606,
  unanswered: 604,
  lost: 603,
  meetingEnded: 800,
  cancelled: 603,
  hungUp: 606,
}

/** Calls and invites (spec 03 §5, §7). */
export function callFunctions(facade: Facade): FunctionTable {
  facade.onClient((client) => subscribe(facade, client))

  /** An operation about a call ID with a pair of result slots. */
  const about = (
    callID: string,
    slots: { success: SlotName; fail: SlotName },
    cookie: unknown,
    run: (client: Client, signal: AbortSignal) => Promise<unknown>,
  ) =>
    facade.operate(
      run,
      () => facade.emit(slots.success, [callID, cookie ?? '']),
      (sdkErr) => facade.emit(slots.fail, [callID, sdkErr, cookie ?? '']),
    )

  const invite = (
    family: InviteFamily,
    slots: { result: SlotName; status: SlotName },
    given: { called: unknown; meeting: unknown; words: unknown; cookie: unknown },
  ): string => {
    const id = facade.newID()
    const { called, words } = given
    const cookie = given.cookie ?? ''
    const meeting = meetingReference(given.meeting)
    const options = { id, userID: text(called), text: text(words), family }
    facade.operate(
      (client, signal) =>
        client.calls.invite({ ...options, meeting: named(client, meeting) }, { signal }),
      () => {
        facade.emit(slots.result, [id, 0, cookie])
        facade.emit(slots.status, [id, 0 satisfies InviteStatus])
      },
      (sdkErr) => facade.emit(slots.result, [id, sdkErr, cookie]),
    )
    return id
  }

  const cancelInvite = (
    family: InviteFamily,
    slot: SlotName,
    id: string,
    words: unknown,
    cookie: unknown,
  ) => {
    const result = (sdkErr: number) => facade.emit(slot, [id, sdkErr, cookie ?? ''])
    facade.operate(
      (client, signal) => client.calls.cancelInvite(id, { text: text(words), family }, { signal }),
      () => result(0),
      result,
    )
  }

  return {
    Call: (called, meetObj, words, cookie) => {
      const id = facade.newID()
      const meeting = meetingReference(meetObj)
      const options = { id, userID: text(called), text: text(words) }
      about(id, { success: 'CallSuccess', fail: 'CallFail' }, cookie, (client, signal) =>
        client.calls.start({ ...options, meeting: named(client, meeting) }, { signal }),
      )
      return id
    },
    AcceptCall: (callID, meetObj, words, cookie) => {
      const id = text(callID)
      const meeting = meetingReference(meetObj)
      const said = text(words)
      const slots = { success: 'AcceptCallSuccess', fail: 'AcceptCallFail' } as const
      about(id, slots, cookie, (client, signal) =>
        client.calls.accept(id, { meeting: named(client, meeting), text: said }, { signal }),
      )
    },
    RejectCall: (callID, words, cookie) => {
      const [id, said] = [text(callID), text(words)]
      const slots = { success: 'RejectCallSuccess', fail: 'RejectCallFail' } as const
      about(id, slots, cookie, (client, signal) =>
        client.calls.reject(id, { text: said }, { signal }),
      )
    },
    HungupCall: (callID, words, cookie) => {
      const [id, said] = [text(callID), text(words)]
      const slots = { success: 'HangupCallSuccess', fail: 'HangupCallFail' } as const
      about(id, slots, cookie, (client, signal) =>
        client.calls.hangUp(id, { text: said }, { signal }),
      )
    },
    ClientInvite: (called, meeting, cookie) => {
      const slots = { result: 'ClientInviteRslt', status: 'NotifyInviteStatus' } as const
      return invite('clientInvite', slots, { called, meeting, words: '', cookie })
    },
    CallMoreParty: (called, meeting, words, cookie) => {
      const slots = { result: 'CallMorePartyRslt', status: 'NotifyCallMorePartyStatus' } as const
      return invite('callMoreParty', slots, { called, meeting, words, cookie })
    },
    ClientCancelInvite: (inviteID, cookie) =>
      cancelInvite('clientInvite', 'ClientCancelInviteRslt', text(inviteID), '', cookie),
    CancelCallMoreParty: (inviteID, words, cookie) =>
      cancelInvite('callMoreParty', 'CancelCallMorePartyRslt', text(inviteID), words, cookie),
  }
}

/** The meeting, or the error of one that cannot be read. */
function named(client: Client, meeting: CallMeetingRef | null): CallMeetingRef {
  if (meeting) return meeting
  throw unreadable(client)
}

const subscribe = (facade: Facade, client: Client) => [
  client.calls.on('incoming', ({ call }) =>
    facade.emit('NotifyCallIn', [
      call.id,
      meetingObject(call.meeting),
      call.peerID,
      call.kind === 'invite' ? inviteText(call.text) : call.text,
    ]),
  ),
  client.calls.on('accepted', ({ callID, meeting, text: said }) => {
    const meetObj = meetingObject(meeting)
    facade.delivery.emit('NotifyCallAccepted', [callID, meetObj, said], {
      ifLength4: [callID, meetObj, client.userID ?? '', said],
    })
  }),
  client.calls.on('rejected', ({ callID, reason, text: said }) =>
    facade.emit('NotifyCallRejected', [callID, REJECTED[reason], said]),
  ),
  client.calls.on('hungUp', ({ callID, text: said }) =>
    facade.emit('NotifyCallHungup', [callID, said]),
  ),
  client.calls.on('invite', ({ inviteID, family, status }) =>
    facade.emit(family === 'clientInvite' ? 'NotifyInviteStatus' : 'NotifyCallMorePartyStatus', [
      inviteID,
      status,
    ]),
  ),
]
