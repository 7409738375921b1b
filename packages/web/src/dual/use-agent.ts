import type { Meeting } from '@yuntang/sdk'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { errorText, i18n, type Locale } from '../i18n/index.ts'
import { spacedNumber } from '../lobby/meeting-search.ts'
import { recordPath } from '../recording/file-name.ts'
import { QUALITIES } from '../recording/qualities.ts'
import { startRecording, stopRecording } from '../recording/recorder.ts'
import { client } from '../session.ts'
import { inTab, parseStored, readSetting, writeSetting } from '../ui/settings.ts'
import { toast } from '../ui/toasts.ts'
import { readMessage } from './messages.ts'
import { dualRegions, FOOT, footPicture, HEAD, headPicture } from './picture.ts'
import { hush, prompter, speak } from './prompts.ts'
import { type DualForm, type DualResult, isForm, keepResult, readResult } from './results.ts'
import { readScript, type ScriptStep } from './script.ts'
import { applyTalk, IDLE, isTalk, type Talk, type TalkEvent, tellOf } from './talk.ts'
import { takeBack, uploadMissing } from './uploads.ts'
import { sendDual } from './use-customer.ts'

const KEY = 'dual.talk'
const FORM = 'dual.form'
const LANGUAGE = 'script.language'
const QUALITY = 'high'
const SIZE = QUALITIES[QUALITY]
const { t } = i18n.global
const say = (error: unknown) => toast(errorText(error), 'error')

/** The customer of the queue that this agent talks to in this meeting; null for other meetings. */
const findCustomer = async (meeting: Meeting): Promise<string | null> => {
  if (client.userID === null) return null
  const call = client.calls.current ?? (await client.calls.resume())
  if (call?.state !== 'accepted' || call.meeting.id !== meeting.id) return null
  await client.queues.init()
  const { session, serving } = client.queues
  return serving.length > 0 && session?.meetingID === meeting.id ? session.peerID : null
}

/** Dual recording as the agent runs it, until the calling scope ends. */
export const useAgent = (meeting: Meeting) => {
  const { me } = meeting
  /** `""`: this is no conversation with a customer. */
  const customer = ref('')
  const stored = parseStored(inTab.read(KEY), isTalk)
  const talk = shallowRef<Talk>(
    stored?.meeting === meeting.id ? applyTalk(stored, { kind: 'reloaded' }) : IDLE,
  )
  const result = shallowRef<DualResult | null>(readResult(talk.value.session))
  const chosen = readSetting(LANGUAGE)
  const locale = ref<Locale>(chosen === 'zh' || chosen === 'en' ? chosen : i18n.global.locale.value)
  const script = shallowRef<readonly ScriptStep[]>(readScript(locale.value))
  /** The script's voice is to be heard. */
  const speaking = ref(false)
  const pictures = new Map<string, ImageBitmap>()
  let form = talk.value.session ? parseStored(inTab.read(FORM), isForm) : null

  const step = computed(() => script.value[talk.value.step] ?? null)
  const shownText = computed(() =>
    talk.value.phase === 'recording' ? (step.value?.text ?? '') : '',
  )

  const tell = () => {
    const message = tellOf(talk.value, form?.agent ?? '', shownText.value)
    if (message && talk.value.customer) void sendDual(talk.value.customer, message)
  }
  const change = (event: TalkEvent): boolean => {
    const before = talk.value
    talk.value = applyTalk(before, event)
    if (talk.value === before) return false
    inTab.write(KEY, JSON.stringify(talk.value))
    prompter.value = talk.value.phase === 'recording' ? me : ''
    tell()
    return true
  }
  const note = (more: Partial<DualResult>) => {
    if (!form) return
    const { session } = talk.value
    const now = { session, meeting: meeting.id, agreedAt: Date.now() }
    const fresh: DualResult = { ...form, ...now, files: [], steps: [], ending: 'open' }
    result.value = { ...(result.value?.session === session ? result.value : fresh), ...more }
    keepResult(result.value)
  }
  const show = (id: string, picture: ImageBitmap | null) => {
    const before = pictures.get(id)
    client.recordings.setPicture(id, picture)
    if (picture) pictures.set(id, picture)
    else pictures.delete(id)
    before?.close()
  }
  const showPictures = () => {
    if (!form) return
    const { agent, staff, customer: name, document, reference } = form
    const line = (words: string, value: string) => (value ? `${words}: ${value}` : '')
    const left = [
      line(t('dual.agent'), agent),
      line(t('dual.staff'), staff),
      line(t('dual.meeting'), spacedNumber(meeting.id)),
    ]
    const right = [
      line(t('dual.customer'), name),
      line(t('dual.document'), document),
      line(t('dual.reference'), reference),
    ]
    show(FOOT, footPicture(left, right, SIZE))
    show(HEAD, headPicture(shownText.value, SIZE))
  }

  const isOpen = (who: string) => meeting.watchable.some(({ userID }) => userID === who)
  const begin = async () => {
    if (!form) return
    const part = talk.value.parts > 0 ? ` ${t('dual.part', { n: talk.value.parts + 1 })}` : ''
    const path = recordPath('dual', `${form.customer}${part}`, new Date())
    const { customer: other, session } = talk.value
    showPictures()
    try {
      await startRecording({
        kind: 'dual',
        path,
        quality: QUALITY,
        upload: true,
        encrypt: false,
        regions: (size) => dualRegions([me, other], isOpen, size),
      })
    } catch (error) {
      say(error)
      change({ kind: 'broke' })
      return
    }
    // The customer may have changed the mind while the recorder began.
    if (talk.value.session !== session || !change({ kind: 'begun' })) return void stopRecording()
    note({ files: [...(result.value?.session === session ? result.value.files : []), path] })
    show(HEAD, headPicture(shownText.value, SIZE))
  }

  const answered = async (yes: boolean) => {
    if (!change({ kind: 'answered', yes })) return
    const { phase } = talk.value
    if (phase === 'starting') {
      note({})
      await begin()
    } else if (phase === 'withdrawn') {
      hush(meeting)
      const stopped = stopRecording()
      note({ ending: 'withdrawn' })
      toast(t('dual.withdrawn'), 'error')
      await stopped
      if (result.value) await takeBack(result.value).catch(say)
    }
  }

  const ask = (filled: DualForm) => {
    form = filled
    inTab.write(FORM, JSON.stringify(filled))
    result.value = null
    const session = crypto.randomUUID()
    change({ kind: 'ask', session, meeting: meeting.id, customer: customer.value })
  }
  const goOn = async () => {
    if (change({ kind: 'goOn' })) await begin()
  }
  const goTo = async (to: number) => {
    const next = script.value[to]
    if (!next || !change({ kind: 'step', to })) return
    show(HEAD, headPicture(next.text, SIZE))
    note({ steps: [...(result.value?.steps ?? []), { text: next.text, at: Date.now() }] })
    await speak(meeting, next)
  }
  const finish = async () => {
    hush(meeting)
    const stopped = stopRecording()
    if (change({ kind: 'finish' })) note({ ending: 'done' })
    await stopped
    if (result.value) await uploadMissing(result.value)
  }
  const giveUp = () => {
    // The customer's page takes its question away.
    const { customer: other, session } = talk.value
    if (change({ kind: 'giveUp' }) && session) void sendDual(other, { dual: 'over', session })
  }
  const useScript = (language: Locale) => {
    locale.value = language
    writeSetting(LANGUAGE, language)
    script.value = readScript(language)
  }

  const stops = [
    client.channel.on('command', ({ from, data }) => {
      const message = readMessage(data)
      if (!message || from !== talk.value.customer || message.session !== talk.value.session) return
      if (message.dual === 'answer') void answered(message.yes)
      else if (message.dual === 'here') tell()
    }),
    meeting.on('memberEntered', ({ member }) => {
      if (member.userID === talk.value.customer) tell()
    }),
    meeting.media.on('changed', () => {
      speaking.value = prompter.value === me && meeting.media.current?.userID === me
    }),
    client.recordings.on('state', (state) => {
      // Stopped elsewhere, or given up by the recorder.
      if (state === 'idle' && talk.value.phase === 'recording') change({ kind: 'broke' })
    }),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
    const { customer: other, session } = talk.value
    if (change({ kind: 'finish' })) note({ ending: 'done' })
    talk.value = IDLE
    if (session) void sendDual(other, { dual: 'over', session })
    inTab.remove(KEY)
    inTab.remove(FORM)
    prompter.value = ''
    for (const id of [...pictures.keys()]) show(id, null)
  })
  findCustomer(meeting).then(
    (found) => {
      customer.value = found ?? ''
      if (found) tell()
    },
    (error: unknown) => console.warn('It is not known whether this is a service:', error),
  )
  return {
    ...{ customer, talk, result, locale, script, shownText, speaking },
    ...{ ask, goOn, goTo, finish, giveUp, useScript, hush: () => hush(meeting) },
    customerName: () => meeting.nickName(customer.value) || customer.value,
  }
}

export type AgentDesk = ReturnType<typeof useAgent>
