import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import { lastComponent } from '../files/paths.ts'
import type { FileKey } from '../files/sealed/format.ts'
import { createRecordUploads, type RecordUploadsDeps } from '../record-uploads/record-uploads.ts'
import { uploadError } from '../record-uploads/upload-error.ts'
import type {
  RecordedFile,
  RecordingEvents,
  RecordingState,
  Recordings,
  RecordOptions,
  RecordRegion,
} from './api.ts'
import { createRecordedFiles, type RecordedFilesDeps } from './recorded-files.ts'
import { type Run, startRun, type Voices } from './run.ts'
import { readSettings } from './settings.ts'

/** Follows what recordings write, from the first byte to the file. */
export interface RecordTap {
  /** Before the first `written` of that recording. */
  begun(id: string, options: RecordOptions): void
  /** Every piece of the plain file in order, once it is written. */
  written(id: string, bytes: Uint8Array<ArrayBuffer>): void
  /** The file has its path and is listed, or nothing of it stays. */
  ended(id: string, kept: boolean): void
}

export interface RecordingsDeps extends Omit<RecordedFilesDeps, 'uploading'> {
  readonly uploads: Omit<RecordUploadsDeps, 'files' | 'list' | 'tell'>
  readonly taps: readonly RecordTap[]
  voices(): Voices
  /** Milliseconds that only grow. */
  now(): number
}

/** The recordings as the client drives them. */
export interface OwnedRecordings extends Recordings {
  /** The meeting ended: so does the recording. */
  meetingOver(): void
  /** Lists what closed pages left behind. */
  repair(): Promise<void>
  /** Nothing reaches the server any more. */
  disconnected(error: YuntangError): void
  /** The server does not have that record any more. */
  unstored(id: string): void
  close(): void
}

const NOTHING = { duration: 0, size: 0, leftOut: { encoder: 0, page: 0 } }

export const createRecordings = (deps: RecordingsDeps): OwnedRecordings => {
  const { files } = deps
  const events = createEmitter<RecordingEvents>()
  const uploads = createRecordUploads({ ...deps, ...deps.uploads, tell: events.emit })
  const taps = [uploads, ...deps.taps]
  const recorded = createRecordedFiles({ ...deps, uploading: uploads.percent })
  const pictures = new Map<string, ImageBitmap>()
  let layout: readonly RecordRegion[] | null = null
  let encrypt = false
  let state: RecordingState = 'idle'
  let run: Run | null = null
  let ended: Pick<Run, 'duration' | 'size' | 'leftOut'> = NOTHING
  /** Set while something is recorded; resolves when that is over. */
  let ending: Promise<void> = Promise.resolve()
  let cancelled = false
  /** Key of the path that is being recorded. */
  let growing = ''

  const enter = (next: RecordingState) => {
    if (next === state) return
    state = next
    events.emit('state', next)
  }

  const start: Recordings['start'] = async (options) => {
    if (state !== 'idle') throw new YuntangError('recording.state')
    cancelled = false
    ended = NOTHING
    enter('starting')
    const createdAt = deps.wallClock()
    const sealed = encrypt
    let key: FileKey | null = null
    let id = ''
    let isOver: () => void = () => {}
    const over = new Promise<void>((resolve) => {
      isOver = resolve
    })
    ending = over
    const leave = (kept: boolean) => {
      growing = ''
      if (id !== '') for (const tap of taps) tap.ended(id, kept)
      enter('idle')
      isOver()
    }
    const stopWith = (error: YuntangError) => {
      if (state !== 'recording' && state !== 'paused') return
      events.emit('error', { code: error.code, sdk: error.sdk })
      void stop()
    }
    try {
      const settings = readSettings(options)
      const { path } = settings
      if (recorded.playerOf(path) || uploads.percent(path) !== null)
        throw new YuntangError('param.invalid')
      growing = recorded.keyOf(path)
      key = sealed ? await deps.keys.create() : null
      const sealedBy = key?.name ?? ''
      const recordOf = ({ duration, mimeType }: Pick<Run, 'duration' | 'mimeType'>) => ({
        path,
        createdAt,
        duration: Math.floor(duration),
        mimeType,
        sealedBy,
      })
      const begun = await startRun(settings, {
        files,
        key,
        meeting: deps.meeting,
        media: recorded.shown,
        layout: () => layout,
        picture: (name) => pictures.get(name) ?? null,
        wallClock: deps.wallClock,
        voices: deps.voices,
        now: deps.now,
        begun(fresh) {
          id = fresh
          deps.hold(fresh, () => over).catch((error: unknown) => console.warn(error))
          for (const tap of taps) tap.begun(fresh, options)
        },
        written(of, bytes) {
          for (const tap of taps) tap.written(of, bytes)
        },
        note: (now) => recorded.note(now.id, recordOf(now)),
        failed: stopWith,
      })
      if (cancelled) {
        await begun.discard()
        throw new YuntangError('request.replaced')
      }
      run = begun
      finishing = async () => {
        let kept = false
        try {
          await begun.finish()
          recorded.finished(begun.id, recordOf(begun))
          kept = true
        } catch (error) {
          recorded.forget(begun.id, sealedBy)
          console.warn('nothing of the recording stays', error)
        }
        const { duration, size, leftOut } = begun
        ended = { duration, size, leftOut }
        run = null
        leave(kept)
      }
      enter('recording')
    } catch (error) {
      const failure = error instanceof YuntangError ? error : new YuntangError('recording.encoder')
      if (!cancelled) events.emit('error', { code: failure.code, sdk: failure.sdk })
      recorded.forget(id, key?.name ?? '')
      leave(false)
      throw failure
    }
  }

  let finishing: () => Promise<void> = async () => {}

  const stop = async () => {
    if (state === 'starting') {
      cancelled = true
      enter('stopping')
    } else if (state === 'recording' || state === 'paused') {
      enter('stopping')
      await finishing()
    }
    await ending
  }

  /** Whether the recording in progress is meant. */
  const namesGrowing = (name: string) =>
    growing !== '' && (recorded.keyOf(name) === growing || lastComponent(growing) === name)
  /** A file whose upload may begin. */
  const uploadable = (name: string): RecordedFile => {
    const found = recorded.find(name)
    if (found && recorded.keyOf(found.path) !== growing) {
      if (found.upload === 'none') return found
      throw new YuntangError('recording.busy')
    }
    throw new YuntangError(found || namesGrowing(name) ? 'recording.busy' : 'recording.unknown')
  }

  return {
    on: events.on,
    once: events.once,
    get state() {
      return state
    },
    get duration() {
      return run?.duration ?? ended.duration
    },
    get size() {
      return run?.size ?? ended.size
    },
    get leftOut() {
      const { encoder, page } = (run ?? ended).leftOut
      return { encoder, page }
    },
    get layout() {
      return layout
    },
    set layout(value) {
      layout = value && structuredClone(value)
    },
    get encrypt() {
      return encrypt
    },
    set encrypt(on) {
      encrypt = on
    },
    setPicture(id, picture) {
      if (picture) pictures.set(id, picture)
      else pictures.delete(id)
    },
    start,
    stop,
    pause(on) {
      if (!run || state !== (on ? 'recording' : 'paused')) return
      run.pause(on)
      enter(on ? 'paused' : 'recording')
    },
    get files() {
      return recorded.all()
    },
    add: recorded.add,
    play: recorded.play,
    async remove(name) {
      const found = recorded.find(name)
      if (!found || recorded.keyOf(found.path) === growing) return false
      uploads.cancel(found.path)
      await recorded.remove(found)
      return true
    },
    get uploadTarget() {
      return uploads.target
    },
    set uploadTarget(target) {
      uploads.target = target
    },
    async upload(name, { to } = {}) {
      let file: RecordedFile
      try {
        file = uploadable(name)
      } catch (error) {
        throw uploads.refuse({ path: name, name }, uploadError(error))
      }
      const { url } = await uploads.start({ path: file.path, name }, to)
      return { url }
    },
    cancelUpload(name) {
      const path = growing !== '' && namesGrowing(name) ? growing : recorded.find(name)?.path
      if (path === undefined) throw new YuntangError('recording.unknown')
      if (!uploads.cancel(path, name)) throw new YuntangError('recording.busy')
    },
    disconnected: uploads.disconnected,
    unstored(id) {
      for (const path of recorded.unstored(id))
        events.emit('file', { path, name: path, upload: 'none' })
    },
    meetingOver() {
      void stop()
      layout = null
    },
    repair: recorded.repair,
    close() {
      events.clear()
      uploads.close()
      void stop()
      pictures.clear()
    },
  }
}
