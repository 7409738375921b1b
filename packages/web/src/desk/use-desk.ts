import type { QueueInfo, QueueStatus, Queuing } from '@yuntang/sdk'
import { onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { errorText } from '../i18n/index.ts'
import { client } from '../session.ts'
import { toast } from '../ui/toasts.ts'

const REFRESH_MS = 5000
const SECOND_MS = 1000

/** Queues and the own place, for customers and agents alike; ends with the scope. */
export const useDesk = () => {
  const { queues } = client
  const loaded = ref(false)
  const failure = shallowRef<unknown>(null)
  const list = shallowRef<readonly QueueInfo[]>([])
  const statuses = reactive(new Map<number, QueueStatus>())
  const place = shallowRef<Queuing>(queues.queuing)
  const serving = shallowRef<readonly number[]>([])
  const now = ref(performance.now())
  const gone = new AbortController()
  const cancel = { signal: gone.signal }

  const read = () => {
    list.value = queues.list
    place.value = queues.queuing
    serving.value = queues.serving
    for (const { id } of queues.list) {
      const status = queues.status(id)
      if (status) statuses.set(id, status)
    }
  }

  /** Runs one step of a person's; what goes wrong is said. */
  const attempt = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step()
    } catch (error) {
      if (!gone.signal.aborted) toast(errorText(error), 'error')
    } finally {
      read()
    }
  }

  const load = async () => {
    failure.value = null
    try {
      await queues.init(cancel)
      read()
      loaded.value = true
    } catch (error) {
      if (!gone.signal.aborted) failure.value = error
    }
  }

  const unsubscribe = [
    queues.on('status', (status) => statuses.set(status.queue, status)),
    queues.on('queuing', read),
    queues.on('deleted', read),
  ]
  const clock = setInterval(() => {
    now.value = performance.now()
    if (loaded.value) place.value = queues.queuing
  }, SECOND_MS)
  const refresh = setInterval(() => {
    if (!document.hidden && loaded.value) queues.refresh(cancel).catch(() => {})
  }, REFRESH_MS)
  onScopeDispose(() => {
    gone.abort()
    for (const off of unsubscribe) off()
    clearInterval(clock)
    clearInterval(refresh)
  })

  void load()
  return { loaded, failure, list, statuses, place, serving, now, attempt, load }
}

/** Minutes and seconds, as on a clock. */
export const clockText = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
