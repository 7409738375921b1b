import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { Transfer, TransferEvents, TransferOptions, TransferState } from './api.ts'
import type { Job, TransferPorts } from './job.ts'
import { complete, type Told, tell } from './progress.ts'
import { NO_TRANSFERS, type SlotCommand, step } from './slots.ts'

/** What the queue does with a transfer. */
interface Driven {
  readonly transfer: Transfer<unknown>
  /** It got a slot. */
  start(): void
  /** It lost its slot, or never had one. */
  rest(state: 'waiting' | 'paused'): void
  fail(error: unknown): void
}

export interface NewTransfer<T> {
  readonly fileID: string
  readonly name: string
  readonly upload: boolean
  readonly job: Job<T>
  readonly options: TransferOptions
}

/** The transfers of one page: a few at a time, one for each ID (spec 06 §1). */
export interface Transfers {
  /** Those that have not ended, in order of their start. */
  readonly all: readonly Transfer<unknown>[]
  /** @throws YuntangError file.busy while one of this ID has not ended. */
  start<T>(wanted: NewTransfer<T>): Transfer<T>
  fail(fileID: string, error: YuntangError): void
}

/** @param most how many run at a time; the others wait */
export const createTransfers = (ports: Pick<TransferPorts, 'env'>, most?: number): Transfers => {
  const driven = new Map<string, Driven>()
  let slots = NO_TRANSFERS

  const command = (next: SlotCommand) => {
    const before = slots
    slots = step(slots, next, most)
    for (const id of slots.paused) if (!before.paused.includes(id)) driven.get(id)?.rest('paused')
    for (const id of slots.waiting)
      if (!before.waiting.includes(id)) driven.get(id)?.rest('waiting')
    for (const id of slots.running) if (!before.running.includes(id)) driven.get(id)?.start()
  }

  const start = <T>({ fileID, name, upload, job, options }: NewTransfer<T>): Transfer<T> => {
    if (driven.has(fileID)) throw new YuntangError('file.busy')
    const events = createEmitter<TransferEvents>()
    let resolve: (value: T) => void = () => {}
    let reject: (reason: unknown) => void = () => {}
    const promise = new Promise<T>((...both) => {
      ;[resolve, reject] = both
    })
    // Whoever looks at the state only need not look here.
    promise.catch(() => {})
    let state: TransferState = 'waiting'
    let told: Told | null = null
    let error: unknown = null
    let total = 0
    let run: AbortController | null = null
    let last: Promise<unknown> = Promise.resolve()

    const enter = (next: TransferState) => {
      if (state === next) return
      state = next
      events.emit('state', next)
    }
    const say = (next: Told | null) => {
      if (!next) return
      told = next
      const { bytes, total, percent } = next
      events.emit('progress', { bytes, total, percent })
      options.onProgress?.({ bytes, total, percent })
    }
    const stop = () => {
      run?.abort(new YuntangError('request.replaced'))
      run = null
    }
    const finish = (next: 'done' | 'failed' | 'cancelled') => {
      stop()
      options.signal?.removeEventListener('abort', cancel)
      driven.delete(fileID)
      command({ do: 'remove', id: fileID })
      enter(next)
      events.clear()
    }
    const isOver = () => driven.get(fileID) !== self
    const end = (next: 'failed' | 'cancelled', reason: unknown) => {
      if (isOver()) return
      error = reason
      // What was written is not taken away under a run that still writes.
      const settled = last
      finish(next)
      // A failed upload is kept for going on, but not where it takes the last room.
      const isFull = reason instanceof YuntangError && reason.code === 'disk.full'
      if (next === 'cancelled' || !upload || isFull) settled.finally(() => job.discard())
      reject(reason)
    }
    const cancel = () =>
      end('cancelled', options.signal?.reason ?? new YuntangError('request.replaced'))

    const go = async (mine: AbortController) => {
      const current = () => run === mine
      try {
        const value = await job.run(mine.signal, {
          size(bytes) {
            total = bytes
          },
          begin() {
            if (current() && !told) say(tell(null, 0, total, ports.env.now()))
          },
          at(bytes) {
            if (current()) say(tell(told, bytes, total, ports.env.now()))
          },
        })
        if (!current()) return
        say(complete(total, ports.env.now()))
        finish('done')
        resolve(value)
      } catch (failure) {
        if (current()) end('failed', failure)
      }
    }

    const transfer: Transfer<T> = {
      fileID,
      name,
      upload,
      on: events.on,
      once: events.once,
      done: promise,
      get size() {
        return total
      },
      get state() {
        return state
      },
      get progress() {
        return told ?? { bytes: 0, total, percent: 0 }
      },
      get error() {
        return error
      },
      pause() {
        if (!isOver()) command({ do: 'pause', id: fileID })
      },
      resume() {
        if (!isOver()) command({ do: 'resume', id: fileID })
      },
      cancel,
    }
    const self: Driven = {
      transfer,
      start() {
        const mine = new AbortController()
        run = mine
        enter('running')
        last = last.then(() => (run === mine ? go(mine) : undefined))
      },
      rest(next) {
        stop()
        enter(next)
      },
      fail: (reason) => end('failed', reason),
    }
    driven.set(fileID, self)
    if (options.signal?.aborted) cancel()
    else {
      options.signal?.addEventListener('abort', cancel, { once: true })
      command({ do: 'add', id: fileID })
    }
    return transfer
  }

  return {
    get all() {
      return [...driven.values()].map(({ transfer }) => transfer)
    },
    start,
    fail: (fileID, error) => driven.get(fileID)?.fail(error),
  }
}
