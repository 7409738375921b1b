import type { UserStatus } from '@yuntang/sdk'
import { computed, onScopeDispose, ref, shallowReactive } from 'vue'
import { client, userID } from '../session.ts'

/** Everybody online, by user ID; filled while something on the page shows people. */
const online = shallowReactive(new Map<string, UserStatus>())
/** Own do-not-disturb; lasts as long as the login. */
export const ownDnd = ref(false)
let followers = 0
let stop = () => {}

client.on('lineOff', () => {
  ownDnd.value = false
})

export const setOwnDnd = async (on: boolean): Promise<void> => {
  await client.presence.setDnd(on ? 1 : 0)
  ownDnd.value = on
}

const begin = async () => {
  online.clear()
  const off = client.presence.on('changed', ({ user }) => {
    if (user.status === 0) online.delete(user.userID)
    else online.set(user.userID, user)
  })
  stop = off
  await client.presence.watch()
  for (const user of await client.presence.list()) online.set(user.userID, user)
}

const end = () => {
  stop()
  stop = () => {}
  if (client.userID !== null) client.presence.unwatch().catch(() => {})
}

export const shownName = (user: Pick<UserStatus, 'userID' | 'nickName'>): string =>
  user.nickName || user.userID

/** Follows the others who are online until the calling scope ends; by name. */
export const usePeople = () => {
  const failure = ref<unknown>(null)
  followers += 1
  if (followers === 1)
    begin().catch((error: unknown) => {
      failure.value = error
    })
  onScopeDispose(() => {
    followers -= 1
    if (followers === 0) end()
  })
  const others = computed(() =>
    [...online.values()]
      .filter((user) => user.userID !== userID.value)
      .sort((a, b) => shownName(a).localeCompare(shownName(b))),
  )
  return { others, failure }
}

/** Nickname of somebody online, else the given one, else the user ID. */
export const nameOf = (who: string, known = ''): string => known || online.get(who)?.nickName || who
