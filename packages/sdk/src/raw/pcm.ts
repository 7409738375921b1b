import { YuntangError } from '../errors.ts'
import type { FileStore } from '../files/files.ts'
import { isFilePath } from '../files/paths.ts'
import type { PcmCapture, PcmSide, RawMedia } from './api.ts'
import { PcmBlocks } from './pcm-blocks.ts'
import { PcmFile } from './pcm-file.ts'
import { canTap, PcmTap } from './pcm-tap.ts'
import { Resampler } from './resampler.ts'

/** Hz of all sound that is handed out (spec 08 §9). */
const RATE = 16_000
const BLOCK = { least: 320, usual: 3_200, most: 32_000 }
/** Half a second: files are written at least once a second. */
const FILE_BLOCK = 16_000

export interface PcmDeps {
  /** Whether the meeting is over. */
  over(): boolean
  /** What a side is made of now. */
  sources(side: PcmSide): readonly MediaStream[]
  readonly files: Pick<FileStore, 'receive' | 'room'>
}

/** All captures of sound in one meeting. */
export interface PcmCaptures extends Pick<RawMedia, 'pcm' | 'pcmFile'> {
  /** Sources came or went. */
  refresh(): void
  /** Each delivers its last block; none can be started afterwards. */
  close(): void
}

/** Bytes of a block as they will be. */
const blockSize = (wanted: number): number =>
  Math.floor(Math.max(BLOCK.least, Math.min(BLOCK.most, wanted)) / 2) * 2

interface Running {
  readonly side: PcmSide
  readonly tap: PcmTap
  close(): void
}

export function createPcm({ over, sources, files }: PcmDeps): PcmCaptures {
  const all = new Set<Running>()

  const start = (
    side: PcmSide,
    size: number,
    signal: AbortSignal | undefined,
    onBlock: (block: Uint8Array<ArrayBuffer>) => void,
    finish: () => Promise<YuntangError | null>,
  ): PcmCapture => {
    if (!canTap()) throw new YuntangError('media.failed')
    const tap = new PcmTap()
    const blocks = new PcmBlocks(size, onBlock)
    const resampler = new Resampler(tap.rate, RATE)
    let refused: YuntangError | null = null
    let ended: (error: YuntangError | null) => void = () => {}
    const done = new Promise<YuntangError | null>((resolve) => {
      ended = resolve
    })
    const close = () => {
      if (!all.delete(running)) return
      signal?.removeEventListener('abort', close)
      tap.close()
      blocks.flush()
      finish().then((error) => ended(refused ?? error))
    }
    const running: Running = { side, tap, close }
    all.add(running)
    tap.set(sources(side))
    tap
      .open((samples) => blocks.push(resampler.push(samples)))
      .catch((error: unknown) => {
        console.warn('Sound cannot be tapped:', error)
        refused = new YuntangError('media.failed')
        close()
      })
    if (signal?.aborted) close()
    else signal?.addEventListener('abort', close, { once: true })
    return {
      get closed() {
        return !all.has(running)
      },
      done,
      close,
    }
  }
  const check = (fits: boolean) => {
    if (over()) throw new YuntangError('meeting.outside')
    if (!fits) throw new YuntangError('param.invalid')
  }
  const isSide = (side: string) => side === 'mic' || side === 'heard'

  return {
    pcm({ side, blockBytes = BLOCK.usual, signal }, onBlock) {
      check(isSide(side) && !Number.isNaN(blockBytes))
      const deliver = (block: Uint8Array<ArrayBuffer>) => {
        try {
          onBlock(block)
        } catch (error) {
          console.error(error)
        }
      }
      return start(side, blockSize(blockBytes), signal, deliver, async () => null)
    },
    pcmFile({ side, path, signal }) {
      check(isSide(side) && isFilePath(path))
      let capture: PcmCapture | null = null
      const file = new PcmFile(files, path, () => capture?.close())
      capture = start(
        side,
        FILE_BLOCK,
        signal,
        (block) => file.write(block),
        () => file.close(),
      )
      return capture
    },
    refresh() {
      for (const { side, tap } of all) tap.set(sources(side))
    },
    close() {
      for (const { close } of [...all]) close()
    },
  }
}
