import { type EndReason, type Meeting, YuntangError } from '@yuntang/sdk'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { resumeLogin } from '../app/sign-in.ts'
import { wanted } from '../devices/device-memory.ts'
import { forgetRecent, rememberRecent } from '../lobby/recent.ts'
import { client, knownPasswords, lostLogin, nickName, userID } from '../session.ts'
import { writeSetting } from '../ui/settings.ts'
import { forgetSeat, keepSeat, takeSeat } from './seat-memory.ts'

/**
 * `loading` what is behind the link · `ready` a person looks at devices and name · `inside` · `ended` ·
 * `failed` there is nothing to enter, or it could not be found out.
 */
export type EntryPhase = 'loading' | 'ready' | 'inside' | 'ended' | 'failed'

export type Ending = EndReason | 'ownEnd' | 'elsewhere'

interface Known {
  readonly id: number
  readonly subject: string
  readonly locked: boolean
}

export interface EntryTarget {
  readonly id?: string
  readonly slug?: string
  /** Address of this page, for coming back to it. */
  readonly path: string
  /** Nobody is signed in and guests are not let in. */
  needsLogin(): void
}

/** Takes a seat in the meeting that a number or a link names, and gives it back with the scope. */
export const useMeetingEntry = (target: EntryTarget) => {
  const phase = ref<EntryPhase>('loading')
  const known = shallowRef<Known>({ id: Number(target.id ?? 0), subject: '', locked: false })
  const busy = ref(false)
  const meeting = shallowRef<Meeting | null>(null)
  const failure = shallowRef<unknown>(null)
  const endReason = ref<EndReason>('left')
  const endedByMe = ref(false)
  const refusedPassword = ref(false)
  const gone = new AbortController()
  const cancel = { signal: gone.signal }
  let guestID = ''

  const ending = computed<Ending>(() => {
    if (endedByMe.value) return 'ownEnd'
    if (endReason.value === 'replaced' && lostLogin.value === 'session.replaced') return 'elsewhere'
    return endReason.value
  })
  const askPassword = computed(
    () => refusedPassword.value || (known.value.locked && !knownPasswords.has(known.value.id)),
  )

  /** What is known about the meeting before entering it. */
  const lookUp = async (): Promise<void> => {
    if (target.slug) {
      const { id, subject, protected: locked } = await client.meetings.resolve(target.slug, cancel)
      known.value = { id, subject, locked }
    }
    if (client.userID === null) return
    const found = (await client.meetings.list(cancel)).find(({ id }) => id === known.value.id)
    if (!found) return
    known.value = { id: found.id, subject: found.subject, locked: found.password !== '' }
    if (found.password && found.password !== '*') knownPasswords.set(found.id, found.password)
  }

  const remember = (entered: Meeting) => {
    const isOn = (status: number) => status === 3 || status === 4
    if (meeting.value !== entered) return
    keepSeat({
      path: target.path,
      userID: entered.me,
      password: knownPasswords.get(entered.id) ?? '',
      mic: isOn(entered.mic.status),
      camera: isOn(entered.camera.status),
    })
  }

  const settle = (entered: Meeting) => {
    meeting.value = entered
    failure.value = null
    endedByMe.value = false
    phase.value = 'inside'
    const { id, subject, url } = entered
    known.value = { ...known.value, id, subject }
    rememberRecent({ id, subject, url, at: Date.now() })
    entered.on('audioStatus', ({ userID: who }) => who === entered.me && remember(entered))
    entered.on('videoStatus', ({ userID: who }) => who === entered.me && remember(entered))
    remember(entered)
    entered.on('ended', ({ reason }) => {
      if (meeting.value !== entered) return
      meeting.value = null
      if (reason !== 'dropped') forgetSeat()
      if (reason === 'stopped' || endedByMe.value) forgetRecent(id)
      endReason.value = reason
      phase.value = 'ended'
    })
  }

  const fail = (error: unknown) => {
    if (gone.signal.aborted) return
    const code = error instanceof YuntangError ? error.code : ''
    failure.value = error
    if (code === 'login.required') target.needsLogin()
    else if (code === 'meeting.password') {
      // A first refusal without a password only says that one is needed.
      if (!knownPasswords.get(known.value.id)) failure.value = null
      knownPasswords.delete(known.value.id)
      refusedPassword.value = true
      phase.value = 'ready'
    } else if (code === 'meeting.unknown') {
      forgetRecent(known.value.id)
      phase.value = 'failed'
    } else if (phase.value === 'loading') phase.value = 'failed'
  }

  /** Enters with the name and, where one is needed, the password; failures show in the phase. */
  const enter = async (name = nickName.value, password?: string): Promise<void> => {
    busy.value = true
    failure.value = null
    const { id } = known.value
    try {
      // Login and meeting may have been lost together.
      await resumeLogin()
      if (password !== undefined) knownPasswords.set(id, password)
      nickName.value = name
      writeSetting('name', name)
      const identity = userID.value === null && guestID ? { userID: guestID } : {}
      const secret = knownPasswords.get(id) ?? ''
      settle(await client.enter({ id, password: secret, nickName: name, ...identity }, cancel))
      guestID = userID.value === null ? (client.meeting?.me ?? '') : ''
    } catch (error) {
      fail(error)
    } finally {
      busy.value = false
    }
  }

  /** Finds out what the link stands for; a page that was reloaded inside goes straight in again. */
  const prepare = async (): Promise<void> => {
    phase.value = 'loading'
    failure.value = null
    try {
      if (client.userID === null && !(await client.serverInfo(cancel)).guests)
        return target.needsLogin()
      await lookUp()
      const seat = takeSeat(target.path)
      if (seat) {
        guestID = seat.userID
        if (seat.password) knownPasswords.set(known.value.id, seat.password)
        Object.assign(wanted, { mic: seat.mic, camera: seat.camera })
      }
      if (seat && nickName.value && !askPassword.value) await enter()
      if (phase.value === 'loading') phase.value = 'ready'
    } catch (error) {
      fail(error)
    }
  }

  const leave = () => meeting.value?.leave()

  const endForAll = async (): Promise<void> => {
    const { id } = known.value
    endedByMe.value = true
    try {
      await client.meetings.destroy(id)
    } catch (error) {
      endedByMe.value = false
      throw error
    }
  }

  void prepare()
  onScopeDispose(() => {
    gone.abort()
    const open = meeting.value
    meeting.value = null
    open?.leave()
    if (open) forgetSeat()
  })
  return {
    phase,
    known,
    busy,
    meeting,
    failure,
    ending,
    askPassword,
    enter,
    prepare,
    leave,
    endForAll,
  }
}
