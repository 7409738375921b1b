import type { Meeting } from '@yuntang/sdk'
import { errorText, i18n } from '../i18n/index.ts'
import { confirmFirst } from '../ui/confirm.ts'
import { toast } from '../ui/toasts.ts'

const t = i18n.global.t

/** The person on the telephone is thrown out of the conversation: that is asked first. */
export const mayHangUp = (number: string): Promise<boolean> =>
  confirmFirst(t('phones.hangUpAsk', { number }), t('phones.hangUp'))

/** Ends the call of a telephone in the meeting, whoever invited it. */
export const hangUpPhone = async (
  meeting: Meeting,
  phone: { userID: string; name: string },
): Promise<void> => {
  if (!(await mayHangUp(phone.name))) return
  try {
    await meeting.hangUpPhone(phone.userID)
  } catch (error) {
    toast(errorText(error), 'error')
  }
}
