import type { ScreenShare } from '@yuntang/protocol'

/** Only the sharer gives its control right away (spec 07 §1.4). */
export const mayGive = (share: ScreenShare | null, actor: string): boolean =>
  share?.userID === actor

/** The sharer takes the right back, the holder gives it up. */
export const mayRelease = (share: ScreenShare | null, actor: string): boolean =>
  share !== null && (share.userID === actor || share.holder === actor)

/** Only who holds the right moves the sharer's mouse. */
export const mayInput = (share: ScreenShare | null, actor: string): boolean =>
  share !== null && share.holder !== '' && share.holder === actor
