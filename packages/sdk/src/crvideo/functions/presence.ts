import type { UserStatus } from '../../api.ts'
import { number } from '../convert.ts'
import type { Facade } from '../facade.ts'
import type { FunctionTable } from './function-table.ts'

/** Spec 02 §7. */
const statusObject = ({ userID, status, dnd, nickName }: UserStatus) => ({
  userID,
  userStatus: status,
  DNDType: dnd,
  nickName,
})

/** Presence and do-not-disturb (spec 02 §6). */
export function presenceFunctions(facade: Facade): FunctionTable {
  let watchCookie: unknown = ''
  facade.onClient((client) => [
    client.presence.on('changed', ({ user }) =>
      facade.emit('NotifyUserStatus', [statusObject(user), watchCookie]),
    ),
  ])

  return {
    SetDNDStatus: (status, cookie) => {
      facade.operate(
        (client, signal) => client.presence.setDnd(number(status), { signal }),
        () => facade.emit('SetDNDStatusSuccess', [cookie ?? '']),
        (sdkErr) => facade.emit('SetDNDStatusFail', [sdkErr, cookie ?? '']),
      )
    },
    GetUserStatus: (cookie) => {
      facade.operate(
        (client, signal) => client.presence.list({ signal }),
        (users) => facade.emit('GetUserStatusSuccess', [users.map(statusObject), cookie ?? '']),
        (sdkErr) => facade.emit('GetUserStatusFail', [sdkErr, cookie ?? '']),
      )
    },
    StartUserStatusNotify: (cookie) => {
      facade.operate(
        (client, signal) => client.presence.watch({ signal }),
        () => {
          watchCookie = cookie ?? ''
          facade.emit('StartUserStatusNotifyRslt', [0, cookie ?? ''])
        },
        (sdkErr) => facade.emit('StartUserStatusNotifyRslt', [sdkErr, cookie ?? '']),
      )
    },
    StopUserStatusNotify: (cookie) => {
      facade.operate(
        (client, signal) => client.presence.unwatch({ signal }),
        () => facade.emit('StopUserStatusNotifyRslt', [0, cookie ?? '']),
        (sdkErr) => facade.emit('StopUserStatusNotifyRslt', [sdkErr, cookie ?? '']),
      )
    },
  }
}
