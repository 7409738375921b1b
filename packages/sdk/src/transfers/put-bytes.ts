import { YuntangError } from '../errors.ts'
import type { Content } from '../files/content.ts'
import { createAttempt } from '../link/attempt.ts'
import type { TransferPorts } from './job.ts'
import { Passing } from './tries.ts'
import type { UploadRate } from './upload-rate.ts'

const TUS = { 'Tus-Resumable': '1.0.0' }
/** A part that takes longer is given up; the next is smaller. */
const PART_MS = 30_000
/** A part should take about so long: often enough for progress, seldom enough to be quick. */
const AIM_MS = 500
const SMALLEST = 16 * 1024
const LARGEST = 16 * 1024 * 1024

/** Sends one file in parts as large as the network is quick (tus 1.0, HEAD and PATCH). */
export interface PartSender {
  /** Bytes that the server has. */
  offset(url: string, signal: AbortSignal): Promise<number>
  /** Sends the next part; resolves with the bytes that the server has then. */
  send(url: string, content: Content, offset: number, signal: AbortSignal): Promise<number>
}

export const createPartSender = (ports: TransferPorts, rate: UploadRate): PartSender => {
  const { env } = ports
  let size = 16 * SMALLEST

  const ask = async (url: string, init: RequestInit, signal: AbortSignal): Promise<number> => {
    const attempt = createAttempt(
      (ms, run) => env.after(ms, run),
      PART_MS,
      () => new Passing('no answer'),
      signal,
    )
    try {
      const answer = await ports.fetch(url, { ...init, signal: attempt.signal })
      // 507 Insufficient Storage (RFC 4918 §11.5).
      if (answer.status === 507) throw new YuntangError('disk.full')
      const offset = Number(answer.headers.get('Upload-Offset') ?? Number.NaN)
      if (!answer.ok || !Number.isSafeInteger(offset)) throw new Passing(`HTTP ${answer.status}`)
      return offset
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof Passing || error instanceof YuntangError
        ? error
        : new Passing(String(error))
    } finally {
      attempt.done()
    }
  }

  return {
    offset: (url, signal) => ask(url, { method: 'HEAD', headers: TUS, cache: 'no-store' }, signal),
    async send(url, content, offset, signal) {
      const granted = await rate.take(Math.min(size, content.size - offset), signal)
      const body = await content.slice(offset, offset + granted)
      const began = env.now()
      try {
        const reached = await ask(
          url,
          {
            method: 'PATCH',
            headers: {
              ...TUS,
              'Content-Type': 'application/offset+octet-stream',
              'Upload-Offset': String(offset),
            },
            body,
          },
          signal,
        )
        const quickness = Math.min(2, Math.max(0.25, AIM_MS / Math.max(1, env.now() - began)))
        if (granted === size || quickness < 1)
          size = Math.round(Math.min(LARGEST, Math.max(SMALLEST, size * quickness)))
        return reached
      } catch (error) {
        size = Math.max(SMALLEST, Math.round(size / 4))
        throw error
      }
    },
  }
}
