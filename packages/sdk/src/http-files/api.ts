import type { Events } from '../api.ts'

/** How a transfer ended (spec 01 §4, CRVideo_HTTP_TRANSFER_RESULT); HTTP errors are 1000 + status. */
export const HTTP_RESULT = {
  success: 0,
  internal: 1,
  badArgument: 2,
  network: 3,
  timeout: 4,
  file: 5,
  badPath: 6,
  busy: 7,
  http: 1000,
} as const

/** `idle` may be started, and a download then goes on where it stopped. */
export type HttpFileState = 'idle' | 'waiting' | 'running' | 'finished'

export interface HttpFileOrder {
  /** In the store; key of the record. In the work directory, or containing `CloudroomVideoSDK`. */
  readonly path: string
  /** http or https, or relative to the page. */
  readonly url: string
  readonly upload: boolean
  /** Free text: a finished download of the same address and version is not made again. */
  readonly version: string
  /** Request headers, besides `decodeCREEFile`. */
  readonly params: Readonly<Record<string, unknown>>
}

export interface HttpFileRecord extends HttpFileOrder {
  /** Bytes; 0 while unknown. */
  readonly size: number
  readonly done: number
  readonly state: HttpFileState
}

/** Of one path each; the order of one transfer is that of spec 06 §4.1. */
export interface HttpFilesEvents {
  state: { path: string; state: HttpFileState }
  /** `total` is 0 while unknown. At most five times a second. */
  progress: { path: string; bytes: number; total: number }
  /** Lines `name: value` separated by CRLF. */
  header: { path: string; text: string }
  /** Answer to an upload, at most 1 MiB. */
  content: { path: string; text: string }
  /** Once for each start that was neither cancelled nor removed; see {@link HTTP_RESULT}. */
  finished: { path: string; result: number }
}

/**
 * Uploads to and downloads from any HTTP server that lets the page (spec 06 §4). Records outlive
 * the page; three transfers run at a time.
 */
export interface HttpFiles extends Events<HttpFilesEvents> {
  /** In order of creation. */
  readonly all: readonly HttpFileRecord[]
  get(path: string): HttpFileRecord | null
  /** What comes of it is told by `finished`. */
  start(order: HttpFileOrder): void
  /** Keeps the record and what has arrived. */
  cancel(path: string): void
  /** Drops record and partial file; with `localFile` also the download, or the store's copy of the source. */
  remove(path: string, localFile?: boolean): void
}
