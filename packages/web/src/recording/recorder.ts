import { type RecordedFile, type RecordRegion, YuntangError } from '@yuntang/sdk'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import { errorText, errorWords, i18n } from '../i18n/index.ts'
import { client } from '../session.ts'
import { clockOf } from '../ui/clock.ts'
import { toast } from '../ui/toasts.ts'
import { lastPart } from './file-name.ts'
import type { PictureSize } from './layouts.ts'
import { isShort, QUALITIES, type QualityName, secondsLeft } from './qualities.ts'

const { recordings } = client
const { t } = i18n.global

const SHOWN_EVERY_MS = 500
const LISTED_EVERY_MS = 2000

export interface Recording {
  readonly kind: 'meeting' | 'dual'
  readonly path: string
  readonly quality: QualityName
  /** To the server, while it records. */
  readonly upload: boolean
  /** On this device. */
  readonly encrypt: boolean
  /** Where everything is in a picture of this size; null for a grid of all. Asked whenever something changes. */
  regions(size: PictureSize): readonly RecordRegion[] | null
}

/** What the page shows of the recording that runs; there is one at a time. */
export const recordState = ref(recordings.state)
export const recordSeconds = ref(0)
export const recordSize = ref(0)
/** Bytes that the browser lets this page still write; null: it does not say. */
export const freeRoom = ref<number | null>(null)
export const isRecording = computed(() => recordState.value !== 'idle')
/** Finished ones, newest first. */
export const recordedFiles = shallowRef<readonly RecordedFile[]>([])

/** Why the last upload of a file failed, by its path. */
export const uploadProblems = shallowReactive(new Map<string, string>())

/** The one that runs; null without one. */
export const running = shallowRef<Recording | null>(null)

export const listFiles = (): void => {
  recordedFiles.value = [...recordings.files].reverse()
}

export const measureRoom = async (): Promise<void> => {
  try {
    const { quota, usage } = await navigator.storage.estimate()
    freeRoom.value = quota === undefined ? null : quota - (usage ?? 0)
  } catch {
    freeRoom.value = null
  }
}

/** Said once in each recording, wherever the person looks. */
let saidShort = false
const watchRoom = async () => {
  await measureRoom()
  const now = running.value
  const free = freeRoom.value
  if (!now || free === null || saidShort || !isShort(free, now.quality)) return
  saidShort = true
  toast(t('record.short', { time: clockOf(secondsLeft(free, now.quality)) }), 'error')
}

/** The picture is arranged anew. */
export const arrange = (): void => {
  const now = running.value
  if (now) recordings.layout = now.regions(QUALITIES[now.quality])
}

/** Resolves when it records; what goes wrong is thrown. */
export const startRecording = async (recording: Recording): Promise<void> => {
  running.value = recording
  saidShort = false
  arrange()
  try {
    const { path, quality, upload, encrypt } = recording
    recordings.encrypt = encrypt
    await recordings.start({ path, upload, ...QUALITIES[quality] })
  } catch (error) {
    running.value = null
    throw error
  }
}

/** Begins or continues; what goes wrong is shown with the file. */
export const uploadFile = async (path: string): Promise<void> => {
  uploadProblems.delete(path)
  try {
    await recordings.upload(path)
  } catch (error) {
    const isCancelled = error instanceof YuntangError && error.code === 'request.replaced'
    if (!isCancelled) uploadProblems.set(path, errorText(error))
  }
  listFiles()
}

export const cancelUpload = (path: string): void => {
  try {
    recordings.cancelUpload(path)
  } catch {
    // It was over in this moment.
  }
  listFiles()
}

export const stopRecording = (): Promise<void> => recordings.stop()
export const pauseRecording = (on: boolean): void => recordings.pause(on)

const show = () => {
  recordSeconds.value = recordings.duration
  recordSize.value = recordings.size
}

let shown = 0
let measured = 0
recordings.on('state', (state) => {
  recordState.value = state
  show()
  clearInterval(shown)
  clearInterval(measured)
  if (state !== 'idle') {
    void watchRoom()
    shown = window.setInterval(show, SHOWN_EVERY_MS)
    measured = window.setInterval(() => void watchRoom(), 10 * SHOWN_EVERY_MS)
    return
  }
  listFiles()
  const path = running.value?.path
  running.value = null
  if (path && recordedFiles.value.some((file) => file.path === path))
    toast(t('record.saved', { file: lastPart(path) }))
})
recordings.on('error', ({ code }) => {
  // A start that fails says so by itself.
  if (recordState.value !== 'starting') toast(errorWords(code), 'error')
})

recordings.on('file', ({ path, upload }) => {
  if (upload !== 'none') uploadProblems.delete(path)
  listFiles()
})
recordings.on('fileProgress', listFiles)
recordings.on('fileError', ({ path, code }) => {
  uploadProblems.set(path, errorWords(code))
  listFiles()
})

// The browser asks before a page with a running recording is closed or reloaded.
addEventListener('beforeunload', (event) => {
  if (isRecording.value) event.preventDefault()
})

/** Keeps the list up to date: other tabs record too, and lost recordings come back a moment after the start. */
export const followFiles = (): (() => void) => {
  listFiles()
  const timer = setInterval(listFiles, LISTED_EVERY_MS)
  return () => clearInterval(timer)
}
