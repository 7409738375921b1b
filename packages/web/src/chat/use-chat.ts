import type { ChatDelivery, ChatMessage, Meeting } from '@yuntang/sdk'
import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch } from 'vue'
import { keepMemory, readMemory } from './chat-memory.ts'

/** More than this many lines are not kept on the page; older ones can be fetched again. */
const MOST = 1000

/** Follows a meeting's messages, whether or not they are shown, until the calling scope ends. */
export const useChat = (meeting: Meeting) => {
  /** In the server's order. */
  const messages = shallowRef<readonly ChatMessage[]>([])
  /** Own messages that the server has not taken (yet), by key. */
  const waiting = shallowReactive(new Map<string, ChatDelivery>())
  const memory = readMemory(meeting.id, meeting.me)
  /** What is being written, and to whom; `""` all. */
  const draft = ref(memory?.draft ?? '')
  const to = ref(memory?.to ?? '')
  /** Number of the last message that was read; null: unknown before the first have been loaded. */
  let read = memory?.read ?? null
  let isOpen = false
  const unread = ref(0)
  /** Whether the server has older ones. */
  const more = ref(false)
  const loading = ref(false)
  const failed = ref<unknown>(null)
  const over = new AbortController()

  /** Behind another tab nobody reads. */
  const isRead = () => isOpen && !document.hidden
  const keep = () => {
    const { id, me } = meeting
    keepMemory({ meeting: id, me, read: read ?? 0, draft: draft.value, to: to.value })
  }
  /** Counts what others wrote since. */
  const count = () => {
    const last = messages.value.at(-1)?.seq ?? 0
    if (read === null || isRead()) read = Math.max(read ?? 0, last)
    const since = read
    unread.value = messages.value.filter(
      ({ seq, from }) => seq > since && from !== meeting.me,
    ).length
    keep()
  }
  const look = () => {
    if (isRead()) count()
  }
  watch([draft, to], keep)
  document.addEventListener('visibilitychange', look)

  const add = (added: readonly ChatMessage[]) => {
    const bySeq = new Map(messages.value.map((message) => [message.seq, message]))
    for (const message of added) bySeq.set(message.seq, message)
    messages.value = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  }
  const addNewest = (message: ChatMessage) => {
    add([message])
    if (messages.value.length <= MOST) return
    messages.value = messages.value.slice(-MOST)
    more.value = true
  }

  /** The newest messages, or those before the ones that are shown. */
  const load = async () => {
    if (loading.value) return
    loading.value = true
    failed.value = null
    const first = messages.value[0]
    try {
      const page = await meeting.chat.history({
        ...(first && more.value ? { before: first.seq } : {}),
        signal: over.signal,
      })
      more.value = page.more
      add(page.messages)
      count()
    } catch (error) {
      if (!over.signal.aborted) failed.value = error
    }
    loading.value = false
  }

  const send = async (text: string, to: string, key?: string) => {
    try {
      await meeting.chat.send(text, key === undefined ? { to } : { to, key })
    } catch {
      // The delivery that stays in the list says why.
    }
  }
  const again = ({ text, to, key }: ChatDelivery) => send(text, to, key)
  const discard = (key: string) => waiting.delete(key)

  const stops = [
    meeting.chat.on('message', (message) => {
      addNewest(message)
      read ??= message.seq - 1
      count()
    }),
    meeting.chat.on('delivery', (delivery) => {
      if (delivery.state !== 'sent') waiting.set(delivery.key, delivery)
      else {
        waiting.delete(delivery.key)
        if (delivery.message) addNewest(delivery.message)
      }
    }),
  ]
  onScopeDispose(() => {
    over.abort()
    document.removeEventListener('visibilitychange', look)
    for (const stop of stops) stop()
  })
  void load()

  return {
    messages,
    waiting: computed(() => [...waiting.values()]),
    unread,
    draft,
    to,
    more,
    loading,
    failed,
    load,
    send,
    again,
    discard,
    /** Whether somebody looks at the messages: what is looked at is read. */
    show(shown: boolean) {
      isOpen = shown
      look()
    },
  }
}

export type ChatRoom = ReturnType<typeof useChat>
