import { YuntangError } from '../errors.ts'
import { createBlobHash } from './blob-hash.ts'
import type { Job, TransferPorts } from './job.ts'
import { createPartSender } from './put-bytes.ts'
import { tryOn } from './tries.ts'
import type { UploadRate } from './upload-rate.ts'

export interface UploadPlan<T> {
  /** The content; asked once. */
  source(): Promise<Blob | null>
  /** URL that takes the bytes of the upload, begun now or before. */
  begin(size: number, signal: AbortSignal): Promise<string>
  /** Every byte is there. */
  finish(md5: string, signal: AbortSignal): Promise<T>
  /** The server forgets what it has. */
  cancel(): void
}

/** An upload that goes on where it stopped. */
export const createUpload = <T>(
  plan: UploadPlan<T>,
  ports: TransferPorts,
  rate: UploadRate,
): Job<T> => {
  let reading: Promise<{ blob: Blob; hash: ReturnType<typeof createBlobHash> }> | null = null
  let sent = 0
  const sender = createPartSender(ports, rate)

  const read = async () => {
    const blob = await plan.source().catch(() => null)
    if (!blob) throw new YuntangError('files.unreadable')
    return { blob, hash: createBlobHash(blob) }
  }

  return {
    async run(signal, report) {
      reading ??= read()
      const { blob, hash } = await reading
      signal.throwIfAborted()
      report.size(blob.size)
      // A file that cannot be read fails before the server hears of it.
      await hash.advance(Math.min(1, blob.size))
      return await tryOn(
        ports.env,
        signal,
        () => sent,
        async () => {
          const url = await plan.begin(blob.size, signal)
          report.begin()
          sent = blob.size === 0 ? 0 : await sender.offset(url, signal)
          report.at(sent)
          while (sent < blob.size) {
            const from = sent
            const [reached] = await Promise.all([
              sender.send(url, blob, from, signal),
              hash.advance(from),
            ])
            sent = reached
            report.at(sent)
          }
          return await plan.finish(await hash.digest(), signal)
        },
      )
    },
    discard: () => plan.cancel(),
  }
}
