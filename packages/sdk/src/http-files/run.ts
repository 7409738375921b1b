import type { Content } from '../files/content.ts'
import type { FileStore } from '../files/files.ts'
import type { LinkEnv } from '../link/env.ts'
import { HTTP_RESULT } from './api.ts'
import type { Kept } from './records.ts'

/** No byte for so long: the server is not there (spec 06 §4). */
const SILENT_MS = 60_000

/** A transfer ended with one of the results. */
export class Failure extends Error {
  override readonly name = 'Failure'
  constructor(readonly result: number) {
    super(`HTTP transfer ended with ${result}`)
  }
}

export interface HttpPorts {
  readonly env: Pick<LinkEnv, 'now' | 'after'>
  readonly files: Pick<FileStore, 'work' | 'put' | 'get' | 'read' | 'remove' | 'exists'>
  /** What an encrypted recording holds; of another file itself. */
  plain(file: Blob): Promise<Content>
  readonly fetch: typeof globalThis.fetch
  newRequest(): XMLHttpRequest
}

/** One transfer while it runs. */
export interface Run {
  /** Key of the record. */
  readonly key: string
  readonly url: string
  readonly headers: Headers
  readonly signal: AbortSignal
  readonly kept: Kept
  keep(change: Partial<Kept>): void
  at(bytes: number, total: number): void
  /** All of it is done. */
  whole(bytes: number): void
  header(text: string): void
  content(text: string): void
}

/** Calls `silent` when nothing is heard for a minute. */
export const watchSilence = (env: HttpPorts['env'], silent: (failure: Failure) => void) => {
  let cancel = () => {}
  const heard = () => {
    cancel()
    cancel = env.after(SILENT_MS, () => silent(new Failure(HTTP_RESULT.timeout)))
  }
  heard()
  return { heard, stop: () => cancel() }
}
