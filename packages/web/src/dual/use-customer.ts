import { type Meeting, YuntangError } from '@yuntang/sdk'
import { shallowRef } from 'vue'
import { client } from '../session.ts'
import { inTab, parseStored } from '../ui/settings.ts'
import { type Consent, type ConsentChange, decide, hear, isConsent } from './consent.ts'
import { type DualMessage, readMessage, writeMessage } from './messages.ts'
import { prompter } from './prompts.ts'

const KEY = 'dual.consent'

/** What an agent wants to record of this person; null: nothing. */
export const consent = shallowRef<Consent | null>(parseStored(inTab.read(KEY), isConsent))

/** A page that is away gets the message once it asks or comes in. */
export const sendDual = async (to: string, message: DualMessage): Promise<void> => {
  try {
    await client.channel.sendCommand(to, writeMessage(message))
  } catch (error) {
    const isAway = error instanceof YuntangError && error.code === 'channel.offline'
    if (!isAway) console.warn('The other page was not told:', error)
  }
}

const settle = (to: string, change: ConsentChange) => {
  consent.value = change.consent
  if (prompter.value === to || prompter.value === '')
    prompter.value = change.consent?.recording ? to : ''
  if (change.consent) inTab.write(KEY, JSON.stringify(change.consent))
  else inTab.remove(KEY)
  if (change.reply) void sendDual(to, change.reply)
}

/** The person's answer; a no later on ends the recording. */
export const answerConsent = (yes: boolean): void => {
  const now = consent.value
  if (now) settle(now.agent, decide(now, yes))
}

client.channel.on('command', ({ from, data }) => {
  const message = readMessage(data)
  // Only who is in the same meeting may ask.
  if (message && client.meeting?.member(from)) settle(from, hear(consent.value, from, message))
})

const follow = (meeting: Meeting) => {
  const forget = () => settle('', { consent: null })
  const now = consent.value
  if (now && !meeting.member(now.agent)) forget()
  else if (now) void sendDual(now.agent, { dual: 'here', session: now.session })
  meeting.on('memberLeft', ({ userID }) => {
    const left = consent.value
    if (left?.agent === userID) settle(userID, { consent: { ...left, recording: false, text: '' } })
  })
  meeting.on('ended', forget)
}
if (client.meeting) follow(client.meeting)
client.on('meeting', (meeting) => {
  if (meeting) follow(meeting)
})
