import type { Transfer, TransferState } from '@yuntang/sdk'
import { computed, onScopeDispose, shallowReactive, shallowRef, watchEffect } from 'vue'
import { errorText } from '../i18n/index.ts'
import { toast } from '../ui/toasts.ts'
import { addPoint, type Point } from './speed.ts'

/** One transfer as the panel shows it. */
export interface Row {
  readonly id: string
  readonly name: string
  readonly upload: boolean
  readonly state: TransferState
  readonly bytes: number
  readonly total: number
  readonly percent: number
  readonly points: readonly Point[]
  /** Why it failed; empty otherwise. */
  readonly problem: string
  pause(): void
  resume(): void
  cancel(): void
  retry(): void
  /** Takes a failed one off the list. */
  dismiss(): void
}

/** What a person may do with a transfer that failed. */
export interface Afterwards {
  /** Starts it again; what has arrived counts. */
  retry(): void
  /** It is given up. */
  drop(): void
}

/** Uploads under way, of all meetings of this page. */
export const uploading = shallowRef(0)

// The browser asks before a page with an upload under way is closed or reloaded.
addEventListener('beforeunload', (event) => {
  if (uploading.value > 0) event.preventDefault()
})

/** The transfers of one meeting, until the calling scope ends. */
export const useRows = (ended: (row: Row) => void) => {
  const rows = shallowReactive(new Map<string, Row>())
  const active = computed(() => [...rows.values()].filter(({ problem }) => problem === ''))
  watchEffect(() => {
    uploading.value = active.value.filter(({ upload }) => upload).length
  })
  onScopeDispose(() => {
    uploading.value = 0
  })

  const follow = (transfer: Transfer<unknown>, name: string, { retry, drop }: Afterwards) => {
    const { fileID: id, upload } = transfer
    let points: readonly Point[] = []
    const show = (): Row => {
      const { bytes, percent } = transfer.progress
      const row: Row = {
        ...{ id, name, upload, bytes, percent, points },
        total: transfer.size,
        state: transfer.state,
        problem: transfer.state === 'failed' ? errorText(transfer.error) : '',
        pause: () => transfer.pause(),
        resume: () => transfer.resume(),
        cancel: () => transfer.cancel(),
        retry() {
          rows.delete(id)
          retry()
        },
        dismiss() {
          rows.delete(id)
          drop()
        },
      }
      rows.set(id, row)
      return row
    }
    transfer.on('progress', ({ bytes }) => {
      // What was there before an upload went on says nothing of the speed.
      if (bytes > 0) points = addPoint(points, { bytes, at: performance.now() })
      show()
    })
    transfer.on('state', (state) => {
      points = []
      const row = show()
      if (state === 'done' || state === 'cancelled') rows.delete(id)
      if (state === 'done' || state === 'failed') ended(row)
    })
    show()
  }

  /** Starts a transfer and follows it; null when it cannot be started. */
  const begin = <T>(
    start: () => Transfer<T>,
    name: string,
    afterwards: (id: string) => Afterwards,
  ): Transfer<T> | null => {
    try {
      const transfer = start()
      follow(transfer, name, afterwards(transfer.fileID))
      return transfer
    } catch (error) {
      toast(errorText(error), 'error')
      return null
    }
  }
  return { rows, active, begin }
}
