import { YuntangError } from '../errors.ts'
import type { IncomingFile } from '../files/files.ts'
import { createMd5, type Md5 } from '../md5.ts'
import type { Job, Report, TransferPorts } from './job.ts'
import { Passing, tryOn } from './tries.ts'

/** Nothing arrives for so long: the connection is dead. */
const SILENT_MS = 30_000

export interface Described {
  readonly url: string
  readonly size: number
  readonly md5: string
}

export interface DownloadPlan<D extends Described, T> {
  /** Where it is now, and what. */
  begin(signal: AbortSignal): Promise<D>
  /** Where the bytes go. */
  open(described: D): Promise<IncomingFile>
  /** They are all there, and right. */
  done(described: D): T
}

const full = () => {
  throw new YuntangError('files.full')
}

interface Partial {
  readonly file: IncomingFile
  readonly hash: Md5
  readonly md5: string
  got: number
  /** All is there and right, and written. */
  whole: boolean
}

/** A download that goes on where it stopped, with its MD5 proved at the end. */
export const createDownload = <D extends Described, T>(
  plan: DownloadPlan<D, T>,
  ports: TransferPorts,
): Job<T> => {
  let partial: Partial | null = null
  let given = false

  const drop = () => {
    partial?.file.discard().catch(() => {})
    partial = null
  }

  /** Reads what comes into the file. */
  const receive = async (
    to: Partial,
    answer: Response,
    abort: AbortController,
    told: () => void,
  ) => {
    const reader = answer.body?.getReader()
    while (reader) {
      const cancel = ports.env.after(SILENT_MS, () => abort.abort(new Passing('silence')))
      const { done, value } = await reader.read().finally(cancel)
      if (done) return
      await to.file.write(value).catch(full)
      to.hash.update(value)
      to.got += value.byteLength
      told()
    }
  }

  const part = async (signal: AbortSignal, report: Report): Promise<T> => {
    const described = await plan.begin(signal)
    if (partial && partial.md5 !== described.md5) drop()
    const to = partial ?? {
      file: await plan.open(described),
      hash: createMd5(),
      md5: described.md5,
      got: 0,
      whole: false,
    }
    partial = to
    signal.throwIfAborted()
    report.size(described.size)
    report.begin()
    if (to.got < described.size) await request(to, described, signal, (bytes) => report.at(bytes))
    if (to.got !== described.size) {
      if (to.got > described.size) drop()
      throw new Passing('incomplete')
    }
    if (!to.whole) {
      if (to.hash.digest() !== described.md5) {
        drop()
        throw new Passing('damaged')
      }
      await to.file.close().catch(full)
      to.whole = true
    }
    signal.throwIfAborted()
    to.file.commit()
    given = true
    return plan.done(described)
  }

  const request = async (
    to: Partial,
    { url }: D,
    signal: AbortSignal,
    told: (bytes: number) => void,
  ) => {
    const abort = new AbortController()
    const follow = () => abort.abort(signal.reason)
    signal.addEventListener('abort', follow, { once: true })
    try {
      const answer = await ports
        .fetch(url, {
          signal: abort.signal,
          cache: 'no-store',
          headers: to.got > 0 ? { Range: `bytes=${to.got}-` } : {},
        })
        .catch((error: unknown) => {
          throw new Passing(String(error))
        })
      if (answer.status !== (to.got > 0 ? 206 : 200)) throw new Passing(`HTTP ${answer.status}`)
      await receive(to, answer, abort, () => told(to.got))
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof TypeError ? new Passing(error.message) : error
    } finally {
      signal.removeEventListener('abort', follow)
      abort.abort()
    }
  }

  return {
    run: (signal, report) =>
      tryOn(
        ports.env,
        signal,
        () => partial?.got ?? 0,
        () => part(signal, report),
      ),
    discard() {
      if (!given) drop()
    },
  }
}
