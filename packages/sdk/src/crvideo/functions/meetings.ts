import type { Client, MeetingInfo } from '../../api.ts'
import { YuntangError } from '../../errors.ts'
import { number, positive, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import type { FunctionTable } from './function-table.ts'

const MEETPARAM_ERR = 5

/** Spec 03 §1. */
const meetingObject = (info: MeetingInfo) => ({
  ID: info.id,
  pswd: info.password,
  subject: info.subject,
  pubMeetUrl: info.url,
  creator: info.creator,
  memberCount: info.memberCount,
})

/** The error of an argument that cannot be read: 9 without a login comes first. */
export const unreadable = (client: Client) =>
  new YuntangError(client.userID === null ? 'login.required' : 'param.invalid')

/** Creating, listing, ending, entering and leaving meetings (spec 03 §2, 07 §2–3). */
export function meetingFunctions(facade: Facade): FunctionTable {
  return {
    CreateMeeting: (subject, createPswd, cookie) => {
      const password = number(createPswd)
      facade.operate(
        (client, signal) => {
          if (Number.isNaN(password)) throw unreadable(client)
          const wanted = { subject: text(subject), withPassword: password > 0 }
          return client.meetings.create(wanted, { signal })
        },
        (info) => facade.emit('CreateMeetingSuccess', [meetingObject(info), cookie ?? '']),
        (sdkErr) => facade.emit('CreateMeetingFail', [sdkErr, cookie ?? '']),
      )
    },
    DestroyMeeting: (meetID, cookie) => {
      const result = (sdkErr: number) => {
        facade.emit('DestroyMeetingRslt', [sdkErr, cookie ?? ''])
        facade.emit('StopMeetingRslt', [sdkErr])
      }
      facade.operate(
        (client, signal) => client.meetings.destroy(positive(meetID) ?? 0, { signal }),
        () => result(0),
        result,
      )
    },
    GetMeetings: (cookie) => {
      facade.operate(
        (client, signal) => client.meetings.list({ signal }),
        (list) => facade.emit('GetMeetingsSuccess', [list.map(meetingObject), cookie ?? '']),
        (sdkErr) => facade.emit('GetMeetingsFail', [sdkErr, cookie ?? '']),
      )
    },
    EnterMeeting: (meetID, password, userID, nickName, cookie) => {
      const id = positive(meetID)
      if (facade.client && id === null) {
        facade.emit('EnterMeetingRslt', [MEETPARAM_ERR, cookie ?? ''])
        return
      }
      facade.enter(
        {
          id: id ?? 0,
          password: text(password),
          userID: text(userID),
          nickName: text(nickName),
        },
        cookie ?? '',
      )
    },
    ExitMeeting: () => facade.exit(),
  }
}
