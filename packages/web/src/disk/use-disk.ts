import type { Meeting, NetFileInfo, Transfer, TransferState } from '@yuntang/sdk'
import { onScopeDispose, shallowReactive, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { errorText } from '../i18n/index.ts'
import { saveBlob } from '../ui/save-blob.ts'
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
}

/** The files of one meeting and their transfers, until the calling scope ends. */
export const useDisk = ({ netdisk, me }: Meeting) => {
  const { t } = useI18n()
  const files = shallowRef<readonly NetFileInfo[] | null>(null)
  const summary = shallowRef<{ limit: number; used: number } | null>(null)
  const problem = shallowRef('')
  const rows = shallowReactive(new Map<string, Row>())

  const refresh = async () => {
    try {
      const [list, now] = await Promise.all([netdisk.list(), netdisk.summary()])
      files.value = list
      summary.value = now
      problem.value = ''
    } catch (error) {
      if (files.value === null) problem.value = errorText(error)
    }
  }

  const follow = (transfer: Transfer<unknown>, name: string, retry: () => void) => {
    const { fileID: id, upload } = transfer
    let points: readonly Point[] = []
    const show = () => {
      const { bytes, total, percent } = transfer.progress
      const failed = transfer.state === 'failed'
      rows.set(id, {
        ...{ id, name, upload, bytes, total, percent, points, retry },
        state: transfer.state,
        problem: failed ? errorText(transfer.error) : '',
        pause: () => transfer.pause(),
        resume: () => transfer.resume(),
        cancel: () => transfer.cancel(),
      })
    }
    transfer.on('progress', ({ bytes }) => {
      points = addPoint(points, { bytes, at: performance.now() })
      show()
    })
    transfer.on('state', (state) => {
      points = []
      if (state === 'done' || state === 'cancelled') rows.delete(id)
      else show()
      if (upload && (state === 'done' || state === 'failed')) void refresh()
    })
    show()
  }

  const share = (chosen: Iterable<File>) => {
    for (const file of chosen)
      begin(
        () => netdisk.upload(file),
        file.name,
        () => share([file]),
      )
  }
  const download = ({ fileID, fileName }: NetFileInfo) => {
    const again = () => {
      const fetching = begin(() => netdisk.fetch(fileID), fileName, again)
      fetching?.done.then(({ blob }) => saveBlob(blob, fileName)).catch(() => {})
    }
    again()
  }
  const begin = <T>(start: () => Transfer<T>, name: string, retry: () => void) => {
    try {
      const transfer = start()
      follow(transfer, name, () => {
        rows.delete(transfer.fileID)
        retry()
      })
      return transfer
    } catch (error) {
      toast(errorText(error), 'error')
      return null
    }
  }
  const remove = async ({ fileID }: NetFileInfo) => {
    try {
      await netdisk.remove(fileID)
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }

  const stops = [
    netdisk.on('added', ({ owner, ownerName, fileName }) => {
      if (owner !== me) toast(t('disk.added', { name: ownerName || owner, file: fileName }))
      void refresh()
    }),
    netdisk.on('removed', () => void refresh()),
    netdisk.on('freed', () => void refresh()),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  void refresh()
  return { files, summary, problem, rows, refresh, share, download, remove }
}

export type Disk = ReturnType<typeof useDisk>
