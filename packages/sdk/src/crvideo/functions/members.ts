import type { MemberInfo } from '../../api.ts'
import { text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import type { FunctionTable } from './function-table.ts'

const memberObject = (member: MemberInfo | null | undefined) => ({
  userID: member?.userID ?? '',
  nickName: member?.nickName ?? '',
  nickname: member?.nickName ?? '',
  audioStatus: member?.audio ?? 0,
  videoStatus: member?.video ?? 0,
})

/** The member list (spec 07 §4). */
export function memberFunctions(facade: Facade): FunctionTable {
  return {
    GetAllMembers: () => JSON.stringify((facade.meeting?.members ?? []).map(memberObject)),
    GetMemberInfo: (userID) => JSON.stringify(memberObject(facade.meeting?.member(text(userID)))),
    GetMemberNickName: (userID) => facade.meeting?.nickName(text(userID)) ?? '',
    IsUserInMeeting: (userID) => Boolean(facade.meeting?.member(text(userID))),
  }
}
