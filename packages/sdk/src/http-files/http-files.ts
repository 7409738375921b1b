import { createEmitter } from '../emitter.ts'
import { resolvePath } from '../files/paths.ts'
import { complete, type Told, tell } from '../transfers/progress.ts'
import { NO_TRANSFERS, type SlotCommand, step } from '../transfers/slots.ts'
import {
  HTTP_RESULT,
  type HttpFileOrder,
  type HttpFileRecord,
  type HttpFileState,
  type HttpFiles,
  type HttpFilesEvents,
} from './api.ts'
import { download } from './download.ts'
import { addressOf, checkOrder, headersOf } from './order.ts'
import { dropPieces } from './partial-file.ts'
import type { Kept, Records } from './records.ts'
import { Failure, type HttpPorts } from './run.ts'
import { upload } from './upload.ts'

export interface HttpFilesDeps extends HttpPorts {
  readonly records: Records
  /** The page's address, for relative ones. */
  readonly page: string | null
  /** Milliseconds since 1970. */
  wallClock(): number
}

interface Active {
  readonly path: string
  readonly url: string
  readonly headers: Headers
  readonly abort: AbortController
  kept: Kept
  told: Told | null
  running: boolean
}

const NEW = { size: 0, done: 0, pieces: 0, finished: false, validator: '' }

/** Whether what was done for one counts for the other. */
const isSame = (kept: Kept, order: HttpFileOrder) =>
  kept.url === order.url && kept.version === order.version && kept.upload === order.upload

/** The HTTP file manager of a page (spec 06 §4–§6). */
export const createHttpFiles = (deps: HttpFilesDeps): HttpFiles & { close(): void } => {
  const { records, files } = deps
  const events = createEmitter<HttpFilesEvents>()
  const active = new Map<string, Active>()
  /** Uploads whose source is being looked for. */
  const looking = new Map<string, object>()
  /** The end of what ran last under a key: its files are not touched before. */
  const settled = new Map<string, Promise<void>>()
  let slots = NO_TRANSFERS

  const keyOf = (path: string) => resolvePath(path, files.work)
  const finish = (path: string, result: number) => events.emit('finished', { path, result })
  const enter = (path: string, state: HttpFileState) => events.emit('state', { path, state })

  const command = (next: SlotCommand) => {
    const before = slots.running
    slots = step(slots, next)
    for (const key of slots.running) {
      const mine = before.includes(key) ? null : active.get(key)
      if (mine) after(key, () => perform(key, mine))
    }
  }
  const after = (key: string, run: () => Promise<void>) => {
    const done = (settled.get(key) ?? Promise.resolve()).then(run).catch((error: unknown) => {
      console.warn('an HTTP transfer left something behind', error)
    })
    settled.set(key, done)
    void done.then(() => settled.get(key) === done && settled.delete(key))
  }

  const perform = async (key: string, mine: Active) => {
    const { path } = mine
    const isCurrent = () => active.get(key) === mine
    if (!isCurrent()) return
    mine.kept = records.get(key) ?? mine.kept
    mine.running = true
    enter(path, 'running')
    const say = (told: Told | null) => {
      if (!told || !isCurrent()) return
      mine.told = told
      events.emit('progress', { path, bytes: told.bytes, total: told.total })
    }
    const keep = (change: Partial<Kept>) => {
      mine.kept = { ...mine.kept, ...change }
      // After a cancel it may have been removed, or begun anew.
      const now = records.get(key)
      if (now && isSame(now, mine.kept)) records.set(key, { ...now, ...change })
    }
    let result: number = HTTP_RESULT.success
    try {
      if (mine.kept.pieces === 0) await dropPieces(files, key)
      await (mine.kept.upload ? upload : download)(deps, {
        key,
        url: mine.url,
        headers: mine.headers,
        signal: mine.abort.signal,
        get kept() {
          return mine.kept
        },
        keep,
        at: (bytes, total) => say(tell(mine.told, bytes, total, deps.env.now())),
        whole: (bytes) => say(complete(bytes, deps.env.now())),
        header(text) {
          if (isCurrent()) events.emit('header', { path, text })
        },
        content(text) {
          if (isCurrent()) events.emit('content', { path, text })
        },
      })
    } catch (error) {
      result = error instanceof Failure ? error.result : HTTP_RESULT.internal
    }
    if (!isCurrent()) return
    active.delete(key)
    enter(path, result === HTTP_RESULT.success ? 'finished' : 'idle')
    finish(path, result)
    command({ do: 'remove', id: key })
  }

  const queue = (order: HttpFileOrder, key: string) => {
    const { path, params } = order
    const before = records.get(key)
    const continued = before && isSame(before, order) ? before : null
    const isDone = continued?.finished && !order.upload && files.exists(path)
    if (isDone && order.version !== '') {
      enter(path, 'waiting')
      enter(path, 'finished')
      finish(path, HTTP_RESULT.success)
      return
    }
    const last = records.all().at(-1)?.kept.created ?? 0
    const created = before?.created ?? Math.max(deps.wallClock(), last + 1)
    const progress = continued && !continued.finished && !order.upload ? continued : NEW
    const kept = { ...NEW, ...progress, ...order, created, finished: false }
    try {
      records.set(key, kept)
    } catch {
      finish(path, HTTP_RESULT.file)
      return
    }
    active.set(key, {
      path,
      url: addressOf(order.url, deps.page) ?? '',
      headers: headersOf(params),
      abort: new AbortController(),
      kept,
      told: null,
      running: false,
    })
    enter(path, 'waiting')
    command({ do: 'add', id: key })
  }

  /** Whether something was stopped. */
  const stop = (key: string): Active | null => {
    looking.delete(key)
    const mine = active.get(key)
    if (!mine) return null
    active.delete(key)
    mine.abort.abort(new Failure(HTTP_RESULT.internal))
    command({ do: 'remove', id: key })
    return mine
  }

  const show = (key: string, kept: Kept): HttpFileRecord => {
    const { path, url, upload, version, params } = kept
    const mine = active.get(key)
    const idle = kept.finished ? 'finished' : 'idle'
    return {
      ...{ path, url, upload, version, params },
      size: mine?.told?.total ?? kept.size,
      done: mine?.told?.bytes ?? kept.done,
      state: mine ? (mine.running ? 'running' : 'waiting') : idle,
    }
  }

  return {
    on: events.on,
    once: events.once,
    get all() {
      return records.all().map(({ key, kept }) => show(key, kept))
    },
    get(path) {
      const key = keyOf(path)
      const kept = records.get(key)
      return kept && show(key, kept)
    },
    start(given) {
      const order = { ...given, params: { ...given.params } }
      const { path } = order
      const refused = checkOrder(order, files.work, deps.page)
      if (refused !== HTTP_RESULT.success) {
        finish(path, refused)
        return
      }
      const key = keyOf(path)
      if (active.has(key) || looking.has(key)) {
        finish(path, HTTP_RESULT.busy)
        return
      }
      if (!order.upload || files.exists(path)) {
        queue(order, key)
        return
      }
      const mine = {}
      looking.set(key, mine)
      const found = (source: Blob | null) => {
        if (looking.get(key) !== mine) return
        looking.delete(key)
        if (source) queue(order, key)
        else finish(path, HTTP_RESULT.file)
      }
      files.read(path).then(found, () => found(null))
    },
    cancel(path) {
      const stopped = stop(keyOf(path))
      if (stopped) enter(stopped.path, 'idle')
    },
    remove(path, localFile = false) {
      const key = keyOf(path)
      stop(key)
      const kept = records.get(key)
      if (!kept) return
      records.remove(key)
      after(key, async () => {
        await dropPieces(files, key)
        if (localFile && (kept.upload || kept.finished)) await files.remove(key)
      })
    },
    close() {
      events.clear()
      looking.clear()
      for (const key of [...active.keys()]) stop(key)
    },
  }
}
