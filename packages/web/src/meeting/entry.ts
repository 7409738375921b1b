import { type EndReason, type Meeting, YuntangError } from '@yuntang/sdk'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { client, knownPasswords, nickName } from '../session.ts'

export type EntryPhase = 'entering' | 'password' | 'inside' | 'ended' | 'failed'

/** Takes a seat in the meeting that a number or a link names, and gives it back with the scope. */
export const useMeetingEntry = (target: { id?: string; slug?: string }) => {
  const phase = ref<EntryPhase>('entering')
  const meeting = shallowRef<Meeting | null>(null)
  const failure = shallowRef<unknown>(null)
  const endReason = ref<EndReason>('left')
  const gone = new AbortController()
  let id = Number(target.id ?? 0)

  const settle = (entered: Meeting) => {
    meeting.value = entered
    phase.value = 'inside'
    failure.value = null
    entered.on('ended', ({ reason }) => {
      if (meeting.value !== entered) return
      meeting.value = null
      endReason.value = reason
      phase.value = 'ended'
    })
  }

  const fail = (error: unknown) => {
    if (gone.signal.aborted) return
    const wrong = error instanceof YuntangError && error.code === 'meeting.password'
    // The first refusal only says that a password is needed.
    failure.value = wrong && !knownPasswords.get(id) ? null : error
    if (wrong) knownPasswords.delete(id)
    phase.value = wrong ? 'password' : 'failed'
  }

  const enter = async (password?: string): Promise<void> => {
    phase.value = 'entering'
    try {
      const cancel = { signal: gone.signal }
      if (target.slug && !id) id = (await client.meetings.resolve(target.slug, cancel)).id
      if (password !== undefined) knownPasswords.set(id, password)
      const seat = { id, password: knownPasswords.get(id) ?? '', nickName: nickName.value }
      settle(await client.enter(seat, cancel))
    } catch (error) {
      fail(error)
    }
  }

  void enter()
  onScopeDispose(() => {
    gone.abort()
    const open = meeting.value
    meeting.value = null
    open?.leave()
  })
  return { phase, meeting, failure, endReason, enter }
}
