import { LIMITS, type TransferKind, writeChunk } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import type { ChannelWire } from './wire.ts'

/** What is sent in chunks, and who wants to know how it goes. */
export interface Sending {
  readonly task: string
  readonly to: string
  readonly kind: TransferKind
  readonly name: string
  readonly blob: Blob
  /** Bytes confirmed by the receiving page. */
  readonly onProgress: (sent: number, total: number) => void
  readonly signal: AbortSignal | undefined
}

interface Task extends Sending {
  transfer: number
  /** The next chunk begins here. */
  at: number
  confirmed: number
  /** The receiver has said from where to send. */
  going: boolean
  reading: boolean
  /** Stop was asked for; the server decides. */
  stopping: boolean
  stop(): void
  settle(finish: () => void): void
  resolve(): void
  reject(error: unknown): void
}

const { chunkBytes, chunkWindow, tasksPerSender } = LIMITS
const WINDOW = chunkBytes * chunkWindow
/** How soon a full socket is looked at again. */
const RETRY_MS = 4
/** At most ten times a second (spec 04 §5). */
const PROGRESS_MS = 100

/** Buffers and files on their way out (spec 04 §7): at most five at a time, each within its window. */
export const createOutgoing = (wire: ChannelWire) => {
  const waiting: Task[] = []
  const running = new Set<Task>()
  let live = true
  let cancelRetry: (() => void) | null = null

  const pumpAll = () => {
    cancelRetry = null
    for (const task of running) pump(task)
  }

  const isReady = (task: Task) =>
    live &&
    task.going &&
    !task.stopping &&
    running.has(task) &&
    task.at < task.blob.size &&
    task.at < task.confirmed + WINDOW

  /** Sends the task's next chunk, if it may go now. */
  const pump = (task: Task): void => {
    if (task.reading || !isReady(task)) return
    if (wire.unsent() > chunkBytes) {
      cancelRetry ??= wire.env.after(RETRY_MS, pumpAll)
      return
    }
    const from = task.at
    task.reading = true
    task.blob
      .slice(from, from + chunkBytes)
      .arrayBuffer()
      .then(
        (bytes) => {
          task.reading = false
          // It may have been moved meanwhile, to where the receiver really is.
          if (task.at === from && isReady(task)) {
            const frame = writeChunk(task.transfer, from, new Uint8Array(bytes))
            if (wire.sendBinary(frame)) task.at += bytes.byteLength
          }
          pump(task)
        },
        () => {
          task.reading = false
          unreadable(task)
        },
      )
  }

  const unreadable = (task: Task) => {
    if (!running.has(task)) return
    wire.send('channel.cancel', { transfer: task.transfer }).catch(() => {})
    task.settle(() => task.reject(new YuntangError('files.unreadable')))
  }

  const cancel = async (task: Task) => {
    task.stopping = true
    if (waiting.includes(task)) return task.settle(() => task.reject(task.signal?.reason))
    if (task.transfer === 0) return // the offer's answer comes back to it
    try {
      await wire.send('channel.cancel', { transfer: task.transfer })
      task.settle(() => task.reject(task.signal?.reason))
    } catch {
      // Too late: its result is on the way.
    }
  }

  const startNext = () => {
    while (running.size < tasksPerSender) {
      const task = waiting.shift()
      if (!task) return
      running.add(task)
      void offer(task)
    }
  }

  const offer = async (task: Task) => {
    const { task: id, to, kind, name, blob } = task
    try {
      const answer = await wire.send('channel.offer', { task: id, to, kind, name, size: blob.size })
      task.transfer = answer.transfer
      if (task.stopping) await cancel(task)
    } catch (error) {
      task.settle(() => task.reject(error))
    }
  }

  const find = (transfer: number) => [...running].find((task) => task.transfer === transfer)

  wire.inbox.on('channel.go', ({ transfer, offset, confirmed }) => {
    const task = find(transfer)
    if (!task) return
    task.going = true
    task.at = offset
    progress(task, confirmed)
    pump(task)
  })

  const reported = new WeakMap<Task, number>()
  const progress = (task: Task, confirmed: number) => {
    if (confirmed <= task.confirmed) return
    task.confirmed = confirmed
    const last = reported.get(task) ?? Number.NEGATIVE_INFINITY
    if (task.stopping || wire.env.now() - last < PROGRESS_MS) return
    reported.set(task, wire.env.now())
    task.onProgress(confirmed, task.blob.size)
  }

  return {
    /** Rejects with the server's error, or with the signal's reason once nothing will arrive. */
    send: (sending: Sending) =>
      new Promise<void>((resolve, reject) => {
        const { signal } = sending
        if (signal?.aborted) return reject(signal.reason)
        const stop = () => void cancel(task)
        const task: Task = {
          ...sending,
          transfer: 0,
          at: 0,
          confirmed: 0,
          going: false,
          reading: false,
          stopping: false,
          stop,
          resolve,
          reject,
          settle(finish) {
            const place = waiting.indexOf(task)
            if (place >= 0) waiting.splice(place, 1)
            else if (!running.delete(task)) return
            signal?.removeEventListener('abort', stop)
            finish()
            startNext()
          },
        }
        signal?.addEventListener('abort', stop, { once: true })
        waiting.push(task)
        startNext()
      }),
    /** The server says that a task is over. */
    settled(id: string, error: YuntangError | null) {
      const task = [...running].find((each) => each.task === id)
      task?.settle(() => {
        if (error) return task.reject(error)
        task.onProgress(task.blob.size, task.blob.size)
        task.resolve()
      })
    },
    confirmed(transfer: number, offset: number) {
      const task = find(transfer)
      if (!task || offset > task.at) return
      progress(task, offset)
      pump(task)
    },
    /** The link went away or came back; then the server says where each task goes on. */
    setLive(now: boolean) {
      if (live === now) return
      live = now
      if (!live) return
      for (const task of running)
        if (task.going) wire.send('channel.continue', { transfer: task.transfer }).catch(() => {})
    },
    /** What the server had begun is lost. */
    forget(error: YuntangError) {
      for (const task of [...running]) if (task.transfer > 0) task.settle(() => task.reject(error))
    },
    end(error: YuntangError) {
      cancelRetry?.()
      cancelRetry = null
      live = true
      const all = [...waiting, ...running]
      waiting.length = 0
      running.clear()
      for (const task of all) {
        task.signal?.removeEventListener('abort', task.stop)
        task.reject(error)
      }
    },
  }
}
