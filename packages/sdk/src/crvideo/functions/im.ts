import { YuntangError } from '../../errors.ts'
import { text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import type { FunctionTable } from './function-table.ts'

/** Messages in the meeting (spec 11 §1). */
export function imFunctions(facade: Facade): FunctionTable {
  return {
    SendIMmsg: (message, userID, cookie) => {
      const key = facade.newID()
      const result = (sdkErr: number) => facade.emit('SendIMmsgRlst', [key, sdkErr, cookie ?? ''])
      facade.operate(
        async ({ meeting }) => {
          if (!meeting) throw new YuntangError('meeting.outside')
          await meeting.chat.send(text(message), { to: text(userID), key })
        },
        () => result(0),
        result,
        false,
      )
      return key
    },
  }
}
