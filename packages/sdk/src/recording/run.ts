import { YuntangError } from '../errors.ts'
import type { FileStore } from '../files/files.ts'
import type { FileKey } from '../files/sealed/format.ts'
import { sealFile } from '../files/sealed/seal-file.ts'
import { createClock } from './clock.ts'
import { type ComposerPorts, createComposer } from './composer.ts'
import { cutSamples } from './cut-samples.ts'
import { createEncoder } from './encoder.ts'
import { createGather } from './gather.ts'
import type { RecordSettings } from './settings.ts'
import { createSoundMix } from './sound-mix.ts'
import { createSoundTrack } from './sound-track.ts'
import { startTicking } from './ticker.ts'

/** Recorded time at most (spec 10 §2.2). */
const MOST_SECONDS = 8 * 3600
/** Bytes that must be free (spec 10 §2.2). */
const LEAST_ROOM = 50_000_000
/** How often what is kept of a running recording is brought up to date. */
const NOTE_SECONDS = 1

/** What is heard at this moment. */
export interface Voices {
  readonly own: readonly MediaStream[]
  readonly others: readonly MediaStream[]
  /** Shared media and local playback; part of every recording with sound. */
  readonly media: readonly MediaStream[]
}

/** Pictures that a recording lacks. */
export interface LeftOut {
  /** The encoder was behind. */
  readonly encoder: number
  /** The page did not get to them. */
  readonly page: number
}

export interface RunPorts extends ComposerPorts {
  readonly files: FileStore
  /** Seals the file; null: it is plain. */
  readonly key: FileKey | null
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
  readonly leftOut: LeftOut
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

export const startRun = async (settings: RecordSettings, ports: RunPorts): Promise<Run> => {
  const grown = await ports.files.grow(settings.path, LEAST_ROOM)
  const file = ports.key ? sealFile(grown, ports.key) : grown
  ports.begun(file.id)
  // A browser that is short of room does not take a recording then.
  ports.files.persist().catch(() => {})
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
    const pageNow = () => ports.now() / 1000
    const mix = wantsSound ? await createSoundMix(pageNow) : null
    if (mix) cleanUp.push(mix.close)
    const mixNow = () => {
      if (!mix) return
      const { own, others, media } = ports.voices()
      mix.set([...(settings.ownSound ? own : []), ...(settings.otherSound ? others : []), ...media])
    }
    mixNow()
    composer?.draw()
    const gather = createGather(async (bytes) => {
      await file.write(bytes)
      size += bytes.byteLength
      ports.written(file.id, bytes)
    }, ports.now)
    const encoder = await createEncoder({
      settings,
      canvas: composer?.canvas ?? null,
      withSound: mix !== null,
      write: gather.add,
      failed: fail,
    })
    const clock = createClock(() => mix?.now ?? pageNow())
    const sound = createSoundTrack(encoder.sound)
    mix?.listen((samples) => {
      for (const part of clock.place(samples.from, samples.to))
        sound.add(cutSamples(samples, part), part.at)
    })
    const { mimeType } = encoder
    const leftOut = { encoder: 0, page: 0 }
    let last = -1
    let noted = 0
    const note = () => ports.note({ id: file.id, duration: clock.seconds, mimeType })
    const tick = () => {
      gather.due().catch(fail)
      if (clock.stands || failure) return
      const seconds = clock.seconds
      if (mix?.stands) sound.fill(seconds)
      if (seconds >= MOST_SECONDS) {
        fail(new YuntangError('recording.limit'))
        return
      }
      const due = Math.floor(seconds * settings.frameRate)
      if (due <= last) return
      leftOut.page += due - last - 1
      last = due
      mixNow()
      composer?.draw()
      if (composer && !encoder.picture(due / settings.frameRate)) leftOut.encoder++
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
      leftOut,
      get duration() {
        return clock.seconds
      },
      get size() {
        return size
      },
      pause(on) {
        if (on === clock.stands) return
        if (!on) return clock.resume()
        clock.pause()
        gather.flush().catch(fail)
      },
      async finish() {
        clock.pause()
        const finished = await encoder
          .finish()
          .then(gather.flush)
          .then(
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
