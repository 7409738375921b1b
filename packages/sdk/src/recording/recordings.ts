import type { Meeting } from '../api.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { FileStore } from '../files/files.ts'
import { lastComponent, resolvePath } from '../files/paths.ts'
import type {
  RecordedFile,
  RecordingEvents,
  RecordingState,
  Recordings,
  RecordRegion,
} from './api.ts'
import type { RecordList } from './record-list.ts'
import { type Run, startRun, type Voices } from './run.ts'
import { readSettings } from './settings.ts'

export interface RecordingsDeps {
  readonly files: FileStore
  readonly list: RecordList
  meeting(): Meeting | null
  voices(): Voices
  /** Milliseconds that only grow. */
  now(): number
  /** Milliseconds since 1970. */
  wallClock(): number
  /** Holds a name until `run` is over; null at once, without running, when another page holds it. */
  hold<T>(name: string, run: () => Promise<T>): Promise<T | null>
}

/** The recordings as the client drives them. */
export interface OwnedRecordings extends Recordings {
  /** The meeting ended: so does the recording. */
  meetingOver(): void
  /** Lists what closed pages left behind. */
  repair(): Promise<void>
  close(): void
}

/** A record that is still being written has no file key yet. */
const growingKey = (id: string) => `growing:${id}`

export const createRecordings = (deps: RecordingsDeps): OwnedRecordings => {
  const { files, list } = deps
  const events = createEmitter<RecordingEvents>()
  const pictures = new Map<string, ImageBitmap>()
  let layout: readonly RecordRegion[] | null = null
  let state: RecordingState = 'idle'
  let run: Run | null = null
  let ended = { duration: 0, size: 0 }
  /** Set while something is recorded; resolves when that is over. */
  let ending: Promise<void> = Promise.resolve()
  let cancelled = false
  let growing = ''

  const enter = (next: RecordingState) => {
    if (next === state) return
    state = next
    events.emit('state', next)
  }
  const keyOf = (path: string) => resolvePath(path, files.work)

  const finished = (path: string, createdAt: number, { id, duration, mimeType }: Run) => {
    list.set(keyOf(path), {
      path,
      createdAt,
      duration: Math.floor(duration),
      mimeType,
      growing: '',
    })
    list.remove(growingKey(id))
  }

  const finish = async (over: Run, path: string, createdAt: number) => {
    try {
      await over.finish()
      finished(path, createdAt, over)
    } catch (error) {
      list.remove(growingKey(over.id))
      console.warn('nothing of the recording stays', error)
    }
    ended = { duration: over.duration, size: over.size }
    run = null
  }

  const start: Recordings['start'] = async (options) => {
    if (state !== 'idle') throw new YuntangError('recording.state')
    enter('starting')
    cancelled = false
    ended = { duration: 0, size: 0 }
    const createdAt = deps.wallClock()
    let isOver: () => void = () => {}
    ending = new Promise((resolve) => {
      isOver = resolve
    })
    const leave = () => {
      growing = ''
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
      growing = keyOf(path)
      const begun = await startRun(settings, {
        files,
        meeting: deps.meeting,
        layout: () => layout,
        picture: (id) => pictures.get(id) ?? null,
        wallClock: deps.wallClock,
        voices: deps.voices,
        now: deps.now,
        note({ id, duration, mimeType }) {
          const record = { path, createdAt, duration: Math.floor(duration), mimeType, growing: id }
          try {
            list.set(growingKey(id), record)
          } catch {
            // The index is full: the recording goes on, only a lost page would lose it.
          }
        },
        failed: stopWith,
      })
      if (cancelled) {
        await begun.discard()
        list.remove(growingKey(begun.id))
        throw new YuntangError('request.replaced')
      }
      run = begun
      finishing = async () => {
        await finish(begun, path, createdAt)
        leave()
      }
      void deps.hold(begun.id, () => ending)
      enter('recording')
    } catch (error) {
      const failure = error instanceof YuntangError ? error : new YuntangError('recording.encoder')
      if (!cancelled) events.emit('error', { code: failure.code, sdk: failure.sdk })
      leave()
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

  const showFiles = (): RecordedFile[] => {
    const sizes = new Map(files.list().map(({ path, size }) => [path, size]))
    return list.all().flatMap(({ key, record }) => {
      if (record.growing !== '') return []
      const size = sizes.get(key)
      if (size === undefined) {
        list.remove(key)
        return []
      }
      const { path, duration, createdAt, mimeType } = record
      return [{ path, size, duration, createdAt, mimeType }]
    })
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
    get layout() {
      return layout
    },
    set layout(value) {
      layout = value && structuredClone(value)
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
      return showFiles()
    },
    add(path) {
      const key = keyOf(path)
      if (!files.exists(path)) throw new YuntangError('files.unreadable')
      if (list.all().some((entry) => entry.key === key)) return false
      const webm = /\.webm$/i.test(path)
      const mimeType = webm ? 'video/webm' : 'video/mp4'
      list.set(key, { path, createdAt: deps.wallClock(), duration: 0, mimeType, growing: '' })
      return true
    },
    async remove(name) {
      const all = showFiles()
      const found =
        all.find(({ path }) => keyOf(path) === keyOf(name)) ??
        all.findLast(({ path }) => lastComponent(path) === name)
      if (!found || keyOf(found.path) === growing) return false
      list.remove(keyOf(found.path))
      await files.remove(found.path)
      return true
    },
    meetingOver() {
      void stop()
      layout = null
    },
    async repair() {
      for (const { key, record } of list.all()) {
        if (record.growing === '') continue
        await deps.hold(record.growing, async () => {
          list.remove(key)
          const size = await files.adopt(record.path, record.growing)
          if (size !== null) list.set(keyOf(record.path), { ...record, growing: '' })
        })
      }
    },
    close() {
      events.clear()
      void stop()
      pictures.clear()
    },
  }
}
