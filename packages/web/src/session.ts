import { createClient, type ErrorCode } from '@yuntang/sdk'
import { ref } from 'vue'
import { readSetting } from './ui/settings.ts'

/** The page's one client; it lives as long as the page. */
export const client = createClient()

/** Mirrors the client for templates. */
export const clientState = ref(client.state)
export const userID = ref(client.userID)

/** The name others see. */
export const nickName = ref(readSetting('name'))

/** Why the login ended without being asked to; null while there is nothing to say. */
export const lostLogin = ref<ErrorCode | null>(null)

client.on('state', (state) => {
  clientState.value = state
  userID.value = client.userID
})
client.on('lineOff', ({ code }) => {
  userID.value = null
  lostLogin.value = code
})

/** Meeting passwords given or learnt on this page, so that entering asks only once. */
export const knownPasswords = new Map<number, string>()
