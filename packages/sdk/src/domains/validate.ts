import { LIMITS } from '@yuntang/protocol'
import type { EnterOptions, LoginOptions } from '../api.ts'
import { YuntangError } from '../errors.ts'
import { isMeetingID } from './meetings.ts'

/** 1–128 characters without control characters or line breaks (spec 00 §1); empty means "none". */
export const isUserID = (userID: string) =>
  userID.length <= LIMITS.userIDChars &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  !/[\u0000-\u001f\u007f\u2028\u2029]/.test(userID)

const isNickName = (nickName: string) => nickName.length <= LIMITS.nickNameChars

/** Throws `param.invalid` for what the server would refuse anyway. */
export const checkLogin = ({ account, nickName, userID = '' }: LoginOptions): void => {
  if (!account || account.length > 128 || !isNickName(nickName) || !isUserID(userID))
    throw new YuntangError('param.invalid')
}

/** Throws `param.invalid` for what the server would refuse anyway. */
export const checkEntry = (options: EnterOptions): void => {
  const { id, password = '', userID = '', nickName = '' } = options
  const fits = password.length <= LIMITS.passwordChars && isNickName(nickName) && isUserID(userID)
  if (!isMeetingID(id) || !fits) throw new YuntangError('param.invalid')
}
