import { createClient } from '@yuntang/sdk'
import { ref } from 'vue'
import { readSetting } from './ui/settings.ts'

/** The page's one client; it lives as long as the page. */
export const client = createClient()

/** Mirrors the client for templates. */
export const clientState = ref(client.state)
export const userID = ref(client.userID)

/** The name others see; asked for at every login. */
export const nickName = ref(readSetting('name'))

client.on('state', (state) => {
  clientState.value = state
  userID.value = client.userID
})

/** Meeting passwords given or learnt on this page, so that entering asks only once. Never stored. */
export const knownPasswords = new Map<number, string>()

export const logout = (): void => {
  client.logout()
  knownPasswords.clear()
  userID.value = null
}
