import { type Call, type CallEnd, type UserStatus, YuntangError } from '@yuntang/sdk'
import { shallowRef, triggerRef, watch } from 'vue'
import { errorText, i18n } from '../i18n/index.ts'
import { expectSeat } from '../meeting/seat-memory.ts'
import { nameOf, shownName } from '../people/people.ts'
import { client, knownPasswords, nickName, userID } from '../session.ts'
import { toast } from '../ui/toasts.ts'

/** What the page shows of calls; null while there is nothing to show. */
export type Desk =
  | { readonly kind: 'incoming'; readonly call: Call; readonly name: string }
  | {
      readonly kind: 'outgoing'
      readonly user: Pick<UserStatus, 'userID' | 'nickName'>
      readonly name: string
      /** Null until the other side rings. */
      readonly call: Call | null
    }
  | {
      readonly kind: 'over'
      readonly user: Pick<UserStatus, 'userID' | 'nickName'>
      readonly words: string
    }
  | { readonly kind: 'kept'; readonly call: Call; readonly name: string }

export const desk = shallowRef<Desk | null>(null)
const t = i18n.global.t

/** Set once by the component that may navigate. */
let goTo: (path: string) => void = () => {}
export const setNavigation = (go: (path: string) => void): void => {
  goTo = go
}

/** Straight into the call's meeting, with microphone and camera on. */
const enterMeeting = ({ meeting }: Call) => {
  desk.value = null
  if (!meeting.id || client.meeting?.id === meeting.id) return
  const path = `/meeting/${meeting.id}`
  const { password } = meeting
  if (password) knownPasswords.set(meeting.id, password)
  expectSeat({ path, userID: client.userID ?? '', password, mic: true, camera: true })
  goTo(path)
}

const CODES: Readonly<Record<string, string>> = {
  'call.busy': 'calls.over.busy',
  'call.offline': 'calls.over.offline',
  'call.no-user': 'calls.over.offline',
}

const showOver = (user: Pick<UserStatus, 'userID' | 'nickName'>, words: string) => {
  desk.value = { kind: 'over', user, words }
}

/** Calls somebody: makes a meeting for the two, and rings. */
export const callPerson = async (user: Pick<UserStatus, 'userID' | 'nickName'>): Promise<void> => {
  const name = shownName(user)
  if (desk.value && desk.value.kind !== 'over') return
  const shown: Desk = { kind: 'outgoing', user, name, call: null }
  desk.value = shown
  let made = 0
  try {
    const subject = t('calls.subject', { caller: nickName.value, called: name }).slice(0, 50)
    const meeting = await client.meetings.create({ subject, withPassword: true })
    made = meeting.id
    if (desk.value !== shown) throw new YuntangError('request.replaced')
    const call = await client.calls.start({ userID: user.userID, meeting })
    call.on('accepted', () => enterMeeting(call))
    call.on('ended', ({ reason }) => outgoingEnded(call, user, reason))
    if (desk.value === shown) desk.value = { ...shown, call }
    else await call.hangUp()
  } catch (error) {
    if (made) client.meetings.destroy(made).catch(() => {})
    if (desk.value !== shown) return
    const key = error instanceof YuntangError ? CODES[error.code] : undefined
    showOver(user, key ? t(key, { name }) : errorText(error))
  }
}

const outgoingEnded = (
  call: Call,
  user: Pick<UserStatus, 'userID' | 'nickName'>,
  reason: CallEnd,
) => {
  const rang = desk.value?.kind === 'outgoing' && desk.value.call === call
  if (!rang) return
  client.meetings.destroy(call.meeting.id).catch(() => {})
  if (reason === 'cancelled' || reason === 'hungUp') desk.value = null
  else showOver(user, t(`calls.over.${reason}`, { name: shownName(user) }))
}

/** Gives the outgoing call up, also before it rings. */
export const cancelCall = async (): Promise<void> => {
  const shown = desk.value
  if (shown?.kind !== 'outgoing') return
  if (shown.call) await shown.call.hangUp().catch(() => {})
  if (desk.value === shown) desk.value = null
}

export const acceptCall = async (): Promise<void> => {
  const shown = desk.value
  if (shown?.kind !== 'incoming') return
  try {
    await shown.call.accept()
    enterMeeting(shown.call)
  } catch (error) {
    if (desk.value === shown) desk.value = null
    toast(errorText(error), 'error')
  }
}

export const refuseCall = async (): Promise<void> => {
  const shown = desk.value
  if (shown?.kind !== 'incoming') return
  desk.value = null
  await shown.call.reject().catch(() => {})
}

export const returnToCall = (): void => {
  if (desk.value?.kind === 'kept') enterMeeting(desk.value.call)
}

export const leaveKeptCall = async (): Promise<void> => {
  const shown = desk.value
  if (shown?.kind !== 'kept') return
  desk.value = null
  await shown.call.hangUp().catch((error: unknown) => toast(errorText(error), 'error'))
}

export const closeDesk = (): void => {
  desk.value = null
}

/** An incoming call, or one that goes on: the page hears how it ends. */
const follow = (call: Call, name: string) =>
  call.on('ended', ({ reason }) => {
    const shown = desk.value
    const ringing = shown?.kind === 'incoming' && shown.call === call
    if (ringing || (shown?.kind === 'kept' && shown.call === call)) desk.value = null
    if (ringing && reason === 'unanswered') toast(t('calls.missed', { name }))
    else if (ringing && reason !== 'refused') toast(t('calls.cancelled', { name }))
  })

client.calls.on('incoming', ({ call }) => {
  const name = nameOf(call.peerID, call.peerName)
  desk.value = { kind: 'incoming', call, name }
  follow(call, name)
})

/** The other side ended the call: the two are done, unless others are in the meeting too. */
client.calls.on('hungUp', ({ reason }) => {
  const { meeting } = client
  if (reason !== 'hungUp' || !talking || !meeting || meeting.id !== talking.meeting.id) return
  const { peerID, peerName } = talking
  const name = nameOf(peerID, peerName || meeting.nickName(peerID))
  const others = meeting.members.filter((m) => m.userID !== meeting.me && m.userID !== peerID)
  talking = null
  toast(t('calls.hungUp', { name }))
  if (others.length === 0) meeting.leave()
})

/** The accepted call whose meeting this page is in. */
let talking: Call | null = null
client.on('meeting', (meeting) => {
  const { current } = client.calls
  if (meeting) {
    if (current?.state === 'accepted' && current.meeting.id === meeting.id) talking = current
    if (talking && desk.value?.kind === 'kept') desk.value = null
    return
  }
  const call = talking
  talking = null
  // Leaving the meeting of a call ends it; a page that goes away or a lost link does not.
  if (call?.state === 'accepted' && client.state === 'online' && client.userID !== null)
    call.hangUp().catch(() => {})
})

/** After a login: a call kept over a reload or a lost connection. */
const findKept = async () => {
  const call = await client.calls.resume()
  if (call?.state !== 'accepted') return
  const name = nameOf(call.peerID, call.peerName)
  follow(call, name)
  if (client.meeting?.id === call.meeting.id) talking = call
  else desk.value = { kind: 'kept', call, name }
}
watch(
  userID,
  (now) => {
    if (now === null) desk.value = null
    else findKept().catch(() => triggerRef(desk))
  },
  { immediate: true },
)
