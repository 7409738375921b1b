import type { MeetingInfo } from '../../api.ts'
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

/** Creating, listing, ending, entering and leaving meetings (spec 03 §2, 07 §2–3). */
export function meetingFunctions(facade: Facade): FunctionTable {
  return {
    CreateMeeting: (subject, createPswd, cookie) => {
      const password = number(createPswd)
      if (facade.client && Number.isNaN(password)) {
        return facade.emit('CreateMeetingFail', [MEETPARAM_ERR, cookie ?? ''])
      }
      facade.operate(
        (client, signal) =>
          client.meetings.create(
            { subject: text(subject), withPassword: password > 0 },
            { signal },
          ),
        (info) => facade.emit('CreateMeetingSuccess', [meetingObject(info), cookie ?? '']),
        (sdkErr) => facade.emit('CreateMeetingFail', [sdkErr, cookie ?? '']),
      )
    },
    DestroyMeeting: (meetID, cookie) => {
      const result = (sdkErr: number) => {
        facade.emit('DestroyMeetingRslt', [sdkErr, cookie ?? ''])
        facade.emit('StopMeetingRslt', [sdkErr])
      }
      const id = positive(meetID)
      if (facade.client && id === null) return result(MEETPARAM_ERR)
      facade.operate(
        (client, signal) => client.meetings.destroy(id ?? 0, { signal }),
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
