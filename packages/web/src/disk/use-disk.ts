import type { Meeting, NetFileInfo, UnfinishedUpload } from '@yuntang/sdk'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { errorText } from '../i18n/index.ts'
import { saveBlob } from '../ui/save-blob.ts'
import { toast } from '../ui/toasts.ts'
import { droppedFiles, MOST_DROPPED } from './dropped.ts'
import { useRows } from './use-rows.ts'

/** Many files that come or go together are one change. */
const SETTLE_MS = 250

/** What this page has begun to send: until it is reloaded nobody has to choose it again. */
const sources = new Map<string, File>()

const isOf =
  ({ name, size }: File) =>
  (half: UnfinishedUpload) =>
    half.fileName === name && half.size === size

/** The files of one meeting and their transfers, until the calling scope ends. */
export const useDisk = ({ netdisk, me }: Meeting) => {
  const { t } = useI18n()
  /** Newest first. */
  const files = shallowRef<readonly NetFileInfo[] | null>(null)
  const summary = shallowRef<{ limit: number; used: number } | null>(null)
  const halves = shallowRef<readonly UnfinishedUpload[]>([])
  const problem = shallowRef('')
  const { rows, active, begin } = useRows(({ upload }) => upload && later())

  const refresh = async () => {
    try {
      const all = [netdisk.list(), netdisk.summary(), netdisk.unfinished()] as const
      const [list, now, begun] = await Promise.all(all)
      files.value = [...list].reverse()
      summary.value = now
      halves.value = begun.filter(({ type }) => type === 0)
      problem.value = ''
    } catch (error) {
      if (files.value === null) problem.value = errorText(error)
    }
  }
  let timer = 0
  const later = () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => void refresh(), SETTLE_MS)
  }

  /** Uploads of mine that stand still since this page was reloaded or came back. */
  const unfinished = computed(() => halves.value.filter(({ fileID }) => !rows.has(fileID)))

  const discard = async (fileID: string) => {
    sources.delete(fileID)
    halves.value = halves.value.filter((half) => half.fileID !== fileID)
    try {
      await netdisk.discard(fileID)
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }
  const upload = (file: File, fileID?: string) => {
    const options = fileID === undefined ? {} : { fileID }
    const transfer = begin(
      () => netdisk.upload(file, options),
      file.name,
      (id) => ({ retry: () => upload(file, id), drop: () => void discard(id) }),
    )
    if (!transfer) return
    sources.set(transfer.fileID, file)
    transfer.on('state', (state) => {
      if (state === 'done' || state === 'cancelled') sources.delete(transfer.fileID)
    })
  }
  const share = (chosen: Iterable<File>) => {
    for (const file of chosen) upload(file, unfinished.value.find(isOf(file))?.fileID)
  }
  const shareDropped = async (data: DataTransfer | null) => {
    try {
      const dropped = await droppedFiles(data)
      if (dropped === null) toast(t('disk.tooMany', { n: MOST_DROPPED }), 'error')
      else if (dropped.length === 0) toast(t('disk.nothing'), 'error')
      else share(dropped)
    } catch {
      toast(t('disk.unreadable'), 'error')
    }
  }
  const hasSource = ({ fileID }: UnfinishedUpload) => sources.has(fileID)
  const goOn = ({ fileID }: UnfinishedUpload) => {
    const file = sources.get(fileID)
    if (file) upload(file, fileID)
  }
  const goOnWith = (half: UnfinishedUpload, file: File) => {
    if (isOf(file)(half)) upload(file, half.fileID)
    else toast(t('disk.otherFile', { file: half.fileName }), 'error')
  }
  const fetchFor = ({ fileID, fileName }: NetFileInfo, use: (blob: Blob) => void) => {
    const again = () => {
      const fetching = begin(
        () => netdisk.fetch(fileID),
        fileName,
        () => ({ retry: again, drop() {} }),
      )
      // Its row tells of a failure.
      fetching?.done.then(({ blob }) => use(blob)).catch(() => {})
    }
    again()
  }
  const download = (file: NetFileInfo) => fetchFor(file, (blob) => saveBlob(blob, file.fileName))
  /** Gives a file of the meeting to another part of the page. */
  const open = (file: NetFileInfo, use: (file: File) => void) =>
    fetchFor(file, (blob) => use(new File([blob], file.fileName)))
  const remove = async ({ fileID }: NetFileInfo) => {
    try {
      await netdisk.remove(fileID)
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }

  const without = (fileID: string) => files.value?.filter((file) => file.fileID !== fileID) ?? null
  const stops = [
    netdisk.on('added', (file) => {
      const { owner, ownerName, fileName, fileID } = file
      if (owner !== me) toast(t('disk.added', { name: ownerName || owner, file: fileName }))
      const others = without(fileID)
      if (others) files.value = [file, ...others]
      later()
    }),
    netdisk.on('removed', ({ fileID }) => {
      const fetched = rows.get(fileID)
      if (fetched) toast(t('disk.gone', { file: fetched.name }), 'error')
      files.value = without(fileID)
      later()
    }),
    netdisk.on('freed', later),
  ]
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  })
  void refresh()
  return {
    ...{ files, summary, problem, rows, active, unfinished },
    ...{ refresh, share, shareDropped, hasSource, goOn, goOnWith, discard, download, open, remove },
  }
}

export type Disk = ReturnType<typeof useDisk>
