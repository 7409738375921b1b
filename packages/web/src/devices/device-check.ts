import { type Cancellable, YuntangError } from '@yuntang/sdk'
import { type Ref, ref, type ShallowRef, shallowRef } from 'vue'

/** What can be said of a device that is being checked. */
export type Look = 'off' | 'starting' | 'on' | 'none' | 'blocked' | 'failed'

const lookOf = (error: unknown): Look => {
  const code = error instanceof YuntangError ? error.code : ''
  if (code === 'permission.denied') return 'blocked'
  return code === 'device.none' ? 'none' : 'failed'
}

export interface DeviceCheck<P> {
  readonly look: Ref<Look>
  readonly preview: ShallowRef<P | null>
  /** Opens the device chosen now; the one before is closed when the new one is there. */
  start(): Promise<void>
  stop(): void
}

/** One device that a person looks at or listens to before others do. */
export const createDeviceCheck = <P extends { close(): void }>(
  open: (cancel: Cancellable) => Promise<P>,
): DeviceCheck<P> => {
  const look = ref<Look>('off')
  const preview: ShallowRef<P | null> = shallowRef(null) as ShallowRef<P | null>
  let turn = new AbortController()

  const replace = (next: P | null, now: Look) => {
    preview.value?.close()
    preview.value = next
    look.value = now
  }
  return {
    look,
    preview,
    async start() {
      turn.abort()
      turn = new AbortController()
      const { signal } = turn
      if (!preview.value) look.value = 'starting'
      try {
        const opened = await open({ signal })
        if (signal.aborted) opened.close()
        else replace(opened, 'on')
      } catch (error) {
        if (!signal.aborted) replace(null, lookOf(error))
      }
    },
    stop() {
      turn.abort()
      replace(null, 'off')
    },
  }
}
