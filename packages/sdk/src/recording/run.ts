import { YuntangError } from '../errors.ts'
import type { FileStore, GrowingFile } from '../files/files.ts'
import { type ComposerPorts, createComposer } from './composer.ts'
import { createEncoder } from './encoder.ts'
import type { RecordSettings } from './settings.ts'
import { createSoundMix } from './sound-mix.ts'
import { startTicking } from './ticker.ts'

/** Recorded time at most (spec 10 §2.2). */
const MOST_SECONDS = 8 * 3600
/** Bytes that must be free (spec 10 §2.2). */
const LEAST_ROOM = 50_000_000
/** How often what is kept of a running recording is brought up to date. */
const NOTE_SECONDS = 1

/** The members' sound at this moment. */
export interface Voices {
  readonly own: readonly MediaStream[]
  readonly others: readonly MediaStream[]
}

export interface RunPorts extends ComposerPorts {
  readonly files: FileStore
  voices(): Voices
  /** Milliseconds that only grow. */
  now(): number
  /** The file's name from now on; nothing has been written. */
  begun(id: string): void
  /** Every piece of the plain file in order, once it is written. */
  written(id: string, bytes: Uint8Array<ArrayBuffer>): void
  /** Every second, and once it records. */
  note(run: { id: string; duration: number; mimeType: string }): void
  /** It cannot go on: whoever owns it stops it. */
  failed(error: YuntangError): void
}

/** One recording, from its first picture to its finished file. */
export interface Run {
  readonly id: string
  readonly duration: number
  readonly size: number
  readonly mimeType: string
  pause(on: boolean): void
  /** The file has its path then. Rejects when nothing usable was written; nothing stays then. */
  finish(): Promise<void>
  /** Nothing stays. */
  discard(): Promise<void>
}

const asFailure = (error: unknown): YuntangError => {
  if (error instanceof YuntangError) return error
  const isFull = /quota|no room/i.test(String(error))
  return new YuntangError(isFull ? 'files.full' : 'recording.encoder', String(error))
}

/** Counts recorded time. */
const createClock = (now: () => number) => {
  let before = 0
  let since: number | null = now()
  return {
    get seconds() {
      return (before + (since === null ? 0 : now() - since)) / 1000
    },
    get stands() {
      return since === null
    },
    pause() {
      if (since !== null) before += now() - since
      since = null
    },
    resume() {
      since ??= now()
    },
  }
}

export const startRun = async (settings: RecordSettings, ports: RunPorts): Promise<Run> => {
  const file: GrowingFile = await ports.files.grow(settings.path, LEAST_ROOM)
  ports.begun(file.id)
  const cleanUp: (() => void)[] = []
  const release = () => {
    for (const run of cleanUp.splice(0)) run()
  }
  let size = 0
  let failure: YuntangError | null = null
  const fail = (error: unknown) => {
    if (failure) return
    failure = asFailure(error)
    ports.failed(failure)
  }
  try {
    const composer = settings.picture
      ? createComposer(settings.width, settings.height, ports)
      : null
    if (composer) cleanUp.push(composer.close)
    const wantsSound = settings.ownSound || settings.otherSound
    const mix = wantsSound ? await createSoundMix() : null
    if (mix) cleanUp.push(mix.close)
    else if (wantsSound) console.warn('recording without sound: the page needs a gesture first')
    const mixNow = () => {
      const { own, others } = ports.voices()
      mix?.set([...(settings.ownSound ? own : []), ...(settings.otherSound ? others : [])])
    }
    mixNow()
    composer?.draw()
    const encoder = await createEncoder({
      settings,
      canvas: composer?.canvas ?? null,
      sound: mix?.track ?? null,
      async write(bytes) {
        await file.write(bytes)
        size += bytes.byteLength
        ports.written(file.id, bytes)
      },
      failed: fail,
    })
    const clock = createClock(ports.now)
    const { mimeType } = encoder
    let last = -1
    let noted = 0
    const note = () => ports.note({ id: file.id, duration: clock.seconds, mimeType })
    const tick = () => {
      if (clock.stands || failure) return
      const seconds = clock.seconds
      if (seconds >= MOST_SECONDS) {
        fail(new YuntangError('recording.limit'))
        return
      }
      const due = Math.floor(seconds * settings.frameRate)
      if (due <= last) return
      last = due
      mixNow()
      composer?.draw()
      encoder.picture(due / settings.frameRate)
      if (seconds - noted < NOTE_SECONDS) return
      noted = seconds
      note()
    }
    note()
    tick()
    cleanUp.push(startTicking(500 / settings.frameRate, tick))

    return {
      id: file.id,
      mimeType,
      get duration() {
        return clock.seconds
      },
      get size() {
        return size
      },
      pause(on) {
        if (on === clock.stands) return
        if (on) clock.pause()
        else clock.resume()
        encoder.pause(on)
      },
      async finish() {
        clock.pause()
        const finished = await encoder.finish().then(
          () => true,
          () => false,
        )
        release()
        if (!finished) await encoder.cancel().catch(() => {})
        // What is on the disk counts, also when there was no room for the rest.
        await file.close().catch(() => {})
        const kept = await ports.files.adopt(settings.path, file.id)
        if (kept === null) throw failure ?? new YuntangError('recording.encoder')
        size = kept
      },
      async discard() {
        clock.pause()
        release()
        await encoder.cancel().catch(() => {})
        await file.discard()
      },
    }
  } catch (error) {
    release()
    await file.discard().catch(() => {})
    throw asFailure(error)
  }
}
