import { type InviteStatus, type Meeting, YuntangError } from '@yuntang/sdk'
import { ref, shallowRef, watch } from 'vue'
import { errorText, errorWords, i18n } from '../i18n/index.ts'
import { client, knownPasswords, userID } from '../session.ts'
import { toast } from '../ui/toasts.ts'
import { rememberNumber } from './recent-numbers.ts'

/** Where an invite stands; the last four are final. */
export type Stage =
  | 'dialling'
  | 'ringing'
  | 'connected'
  | 'refused'
  | 'unanswered'
  | 'hungUp'
  | 'failed'

/** A telephone that this page invited. */
export interface PhoneInvite {
  readonly id: string
  readonly meetingID: number
  readonly number: string
  readonly stage: Stage
  /** When it was connected, in milliseconds since 1970; 0 before. */
  readonly since: number
  /** Error code of why it failed; empty otherwise. */
  readonly code: string
}

/** More results than anybody reads; older ones go. */
const RESULTS = 6
const STAGES: Readonly<Record<InviteStatus, Stage>> = {
  0: 'ringing',
  1: 'connected',
  2: 'refused',
  3: 'unanswered',
  4: 'hungUp',
}

/** Newest first, of all meetings: an invite goes on while its maker looks at other pages. */
export const phoneInvites = shallowRef<readonly PhoneInvite[]>([])
/** Whether the list is on the screen; otherwise results are told by a toast. */
export const listShown = ref(false)
/** Whether the server has a telephone. */
export const phonesOffered = ref(false)

const t = i18n.global.t
const newID = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) =>
    n.toString(16).padStart(2, '0'),
  ).join('')

export const isOver = ({ stage }: Pick<PhoneInvite, 'stage'>): boolean =>
  stage !== 'dialling' && stage !== 'ringing' && stage !== 'connected'

const find = (id: string) => phoneInvites.value.find((invite) => invite.id === id)
const keep = (list: readonly PhoneInvite[]) => {
  let results = 0
  phoneInvites.value = list.filter((invite) => !isOver(invite) || ++results <= RESULTS)
}
const change = (id: string, news: Partial<PhoneInvite>) =>
  keep(phoneInvites.value.map((invite) => (invite.id === id ? { ...invite, ...news } : invite)))

export const forgetInvite = (id: string): void =>
  keep(phoneInvites.value.filter((invite) => invite.id !== id))

/** Words of their own where a telephone means something else than a person, or something can be done. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'call.no-user': 'phones.problem.noNumber',
  'call.offline': 'phones.problem.noWay',
  'call.busy': 'phones.problem.inCall',
  'phone.busy': 'phones.problem.noLine',
  'phone.unreachable': 'phones.problem.noTrunk',
  'phone.unauthorised': 'phones.problem.noLogin',
}
/** Why it failed, and what to do. */
export const problemWords = (code: string): string => {
  const key = PROBLEMS[code]
  return key ? t(key) : errorWords(code)
}

const tell = (number: string, words: string, kind?: 'error') => {
  if (!listShown.value) toast(t('phones.news', { number, words }), kind)
}

/** Rings a number and asks it into the meeting. */
export const callPhone = async (meeting: Meeting, number: string): Promise<void> => {
  const id = newID()
  const others = phoneInvites.value.filter(
    (invite) => !(isOver(invite) && invite.number === number && invite.meetingID === meeting.id),
  )
  keep([{ id, meetingID: meeting.id, number, stage: 'dialling', since: 0, code: '' }, ...others])
  try {
    const password = knownPasswords.get(meeting.id) ?? ''
    await client.calls.invite({ id, userID: number, meeting: { id: meeting.id, password } })
    rememberNumber(number)
    if (find(id)?.stage === 'dialling') change(id, { stage: 'ringing' })
  } catch (error) {
    if (!find(id)) return
    const code = error instanceof YuntangError ? error.code : 'internal'
    change(id, { stage: 'failed', code })
    tell(number, problemWords(code), 'error')
  }
}

/** Gives up an invite that rings, or hangs up one that is connected. */
export const endInvite = async ({ id, stage }: PhoneInvite): Promise<void> => {
  try {
    await client.calls.cancelInvite(id)
    if (stage === 'connected') change(id, { stage: 'hungUp' })
    else forgetInvite(id)
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof YuntangError && error.code === 'call.unknown'))
      toast(errorText(error), 'error')
  }
}

client.calls.on('invite', ({ inviteID, status }) => {
  const invite = find(inviteID)
  if (!invite) return
  const stage = STAGES[status]
  change(inviteID, { stage, since: stage === 'connected' ? Date.now() : invite.since })
  if (stage === 'refused' || stage === 'unanswered') tell(invite.number, t(`phones.stage.${stage}`))
})

// Without an answer no telephone is offered; the next meeting asks again.
client.on('meeting', (meeting) => {
  if (!meeting || phonesOffered.value) return
  client.serverInfo().then(
    ({ phones }) => {
      phonesOffered.value = phones
    },
    () => {},
  )
})
watch(userID, (now) => {
  if (now === null) phoneInvites.value = []
})
