import { YuntangError } from '../errors.ts'
import type { Content } from '../files/content.ts'
import { type ContentHash, createContentHash } from './content-hash.ts'
import type { Job, TransferPorts } from './job.ts'
import { createPartSender } from './put-bytes.ts'
import { tryOn } from './tries.ts'
import type { UploadRate } from './upload-rate.ts'

export interface UploadPlan<T> {
  /** The content; asked once. */
  source(): Promise<Content | null>
  /** URL that takes the bytes of the upload, begun now or before. */
  begin(size: number, signal: AbortSignal): Promise<string>
  /** Every byte is there. */
  finish(md5: string, signal: AbortSignal): Promise<T>
  /** The server forgets what it has. */
  cancel(): void
}

const codeOf = (error: unknown) => (error instanceof YuntangError ? error.code : '')

/** An upload that goes on where it stopped. */
export const createUpload = <T>(
  plan: UploadPlan<T>,
  ports: TransferPorts,
  rate: UploadRate,
): Job<T> => {
  let reading: Promise<{ content: Content; hash: ContentHash }> | null = null
  let sent = 0
  /** The server had every byte and was asked to finish: perhaps it has done so. */
  let whole = false
  const sender = createPartSender(ports, rate)

  const read = async () => {
    const content = await plan.source()
    if (!content) throw new YuntangError('files.unreadable')
    return { content, hash: createContentHash(content) }
  }

  return {
    async run(signal, report) {
      reading ??= read()
      const { content, hash } = await reading
      signal.throwIfAborted()
      report.size(content.size)
      // A file that cannot be read fails before the server hears of it.
      await hash.advance(Math.min(1, content.size))
      return await tryOn(
        ports.env,
        signal,
        () => sent,
        async () => {
          if (whole) {
            try {
              return await plan.finish(await hash.digest(), signal)
            } catch (error) {
              const code = codeOf(error)
              whole = !['file.unknown', 'file.incomplete', 'file.changed'].includes(code)
              if (whole || code === 'file.changed') throw error
            }
          }
          const url = await plan.begin(content.size, signal)
          report.begin()
          sent = content.size === 0 ? 0 : await sender.offset(url, signal)
          report.at(sent)
          while (sent < content.size) {
            const from = sent
            const [reached] = await Promise.all([
              sender.send(url, content, from, signal),
              hash.advance(from),
            ])
            sent = reached
            report.at(sent)
          }
          const md5 = await hash.digest()
          whole = true
          return await plan.finish(md5, signal)
        },
      )
    },
    discard: () => plan.cancel(),
  }
}
