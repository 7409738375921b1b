import type { DeviceStatus, OwnDevice } from '../api.ts'
import { YuntangError } from '../errors.ts'

/** What a microphone or the cameras do when the status asks for it. */
export interface DeviceWork {
  /** A device of the kind exists. */
  exists(): boolean
  /** Captures, publishes and tells the server; rejects with the reason when `signal` aborts. */
  start(signal: AbortSignal): Promise<void>
  /** Releases capture and takes the tracks out of publication. Synchronous. */
  stop(): void
  /** Tells the server that the device is closed. */
  tellClosed(): Promise<void>
  emit(old: DeviceStatus, now: DeviceStatus): void
}

/** My device's status machine, spec 08 §2; the server's view follows it. */
export interface OwnedDevice extends OwnDevice {
  /** The server's event about me. */
  told(now: DeviceStatus): void
  /** Devices came or went. */
  refresh(): void
  /** Synchronous end without events or requests. */
  release(): void
}

export const createOwnDevice = (work: DeviceWork): OwnedDevice => {
  let status: DeviceStatus = work.exists() ? 2 : 1
  let opening: { abort: AbortController; done: Promise<void>; confirm: () => void } | null = null
  /** Closings the server has not answered: its events before that are about the past. */
  let closings = 0
  let released = false

  const become = (now: DeviceStatus) => {
    const old = status
    status = now
    if (old !== now) work.emit(old, now)
  }

  const halt = (reason: YuntangError) => {
    const cut = opening
    opening = null
    work.stop()
    cut?.abort.abort(reason)
  }

  const begin = (): Promise<void> => {
    const abort = new AbortController()
    let confirm = () => {}
    const done = new Promise<void>((resolve, reject) => {
      confirm = () => {
        if (opening?.abort !== abort) return
        opening = null
        resolve()
        become(3)
      }
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true })
    })
    opening = { abort, done, confirm }
    become(4)
    const fail = (error: unknown) => {
      if (opening?.abort !== abort) return
      const reason = error instanceof YuntangError ? error : new YuntangError('media.failed')
      halt(reason)
      // Over the limit it stays 4: the page may open again later, or close (spec 08 §3).
      if (reason.code !== 'mic.limit') become(work.exists() ? 2 : 1)
    }
    // A listener of the status may have closed again already.
    if (!abort.signal.aborted) work.start(abort.signal).then(confirm, fail)
    return done
  }

  const cancellable = (running: Promise<void>, signal?: AbortSignal): Promise<void> => {
    if (!signal) return running
    return new Promise((resolve, reject) => {
      const aborted = () => {
        device.close()
        reject(signal.reason)
      }
      signal.addEventListener('abort', aborted, { once: true })
      running
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', aborted))
        .catch(() => {})
    })
  }

  const device: OwnedDevice = {
    get status() {
      return status
    },
    open(cancel = {}) {
      if (released) return Promise.reject(new YuntangError('meeting.outside'))
      if (cancel.signal?.aborted) return Promise.reject(cancel.signal.reason)
      if (status === 3) return Promise.resolve()
      if (status === 1) return Promise.reject(new YuntangError('device.none'))
      return cancellable(opening?.done ?? begin(), cancel.signal)
    },
    close() {
      if (released || (status !== 3 && status !== 4)) return
      halt(new YuntangError('request.replaced'))
      closings++
      work
        .tellClosed()
        .catch(() => {})
        .finally(() => {
          closings--
        })
      become(2)
    },
    told(now) {
      if (released || closings > 0) return
      if (now === 3) opening?.confirm()
      else if (now === 2 && status === 3) {
        halt(new YuntangError('request.replaced'))
        become(2)
      }
    },
    refresh() {
      if (released) return
      const exists = work.exists()
      if (!exists && status !== 1) {
        if (status !== 2) halt(new YuntangError('device.none'))
        become(1)
      } else if (exists && status === 1) become(2)
    },
    release() {
      if (released) return
      released = true
      status = 0
      halt(new YuntangError('meeting.outside'))
    },
  }
  return device
}
