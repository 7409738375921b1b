import { type StoredRecord, YuntangError } from '@yuntang/sdk'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { errorText } from '../i18n/index.ts'
import { lastPart, savedName } from '../recording/file-name.ts'
import { client } from '../session.ts'
import { saveBlob, saveFrom } from '../ui/save-blob.ts'
import { toast } from '../ui/toasts.ts'

const PAGE = 30

/** What the server keeps of this person's recordings, until the calling scope ends. */
export const useRecords = () => {
  const { records } = client
  /** Null until it is known. */
  const list = shallowRef<readonly StoredRecord[] | null>(null)
  const usage = shallowRef<{ used: number; limit: number } | null>(null)
  const problem = ref('')
  const more = ref(false)
  const busy = ref(false)
  const gone = new AbortController()
  const cancel = { signal: gone.signal }

  const read = async (before?: StoredRecord) => {
    busy.value = true
    try {
      const options = { limit: PAGE, ...cancel, ...(before && { before: before.id }) }
      const [page, now] = await Promise.all([records.list(options), records.usage(cancel)])
      list.value = before ? [...(list.value ?? []), ...page] : page
      more.value = page.length === PAGE
      usage.value = now
      problem.value = ''
    } catch (error) {
      if (!gone.signal.aborted) problem.value = errorText(error)
    } finally {
      busy.value = false
    }
  }
  const refresh = () => read()
  const readMore = () => read(list.value?.at(-1))

  const forget = (record: StoredRecord) => {
    list.value = list.value?.filter(({ id }) => id !== record.id) ?? null
  }
  const attempt = async <T>(record: StoredRecord, step: () => Promise<T>): Promise<T | null> => {
    try {
      return await step()
    } catch (error) {
      if (error instanceof YuntangError && error.code === 'file.unknown') forget(record)
      if (!gone.signal.aborted) toast(errorText(error), 'error')
      return null
    }
  }
  const urlOf = (record: StoredRecord) => attempt(record, () => records.url(record.id, cancel))
  const save = async (record: StoredRecord): Promise<void> => {
    const url = await attempt(record, () => records.url(record.id, { download: true, ...cancel }))
    if (url) saveFrom(url, savedName(record.path, record.mimeType))
  }
  const saveManifest = async (record: StoredRecord): Promise<void> => {
    const manifest = await attempt(record, () => records.manifest(record.id, cancel))
    if (!manifest) return
    const json = new Blob([JSON.stringify(manifest)], { type: 'application/json' })
    saveBlob(json, `${lastPart(record.path)}.manifest.json`)
  }
  const remove = async (record: StoredRecord): Promise<void> => {
    await attempt(record, async () => {
      await records.remove(record.id)
      forget(record)
      usage.value = await records.usage(cancel)
    })
  }

  const stop = client.recordings.on('file', ({ upload }) => {
    if (upload === 'uploaded') void refresh()
  })
  onScopeDispose(() => {
    gone.abort()
    stop()
  })
  void refresh()
  return { list, usage, problem, more, busy, refresh, readMore, urlOf, save, saveManifest, remove }
}
