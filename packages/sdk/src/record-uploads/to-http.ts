import { type Content, wholeOf } from '../files/content.ts'
import { lastComponent } from '../files/paths.ts'
import { HTTP_RESULT } from '../http-files/api.ts'
import { Failure, type HttpPorts } from '../http-files/run.ts'
import { sendForm } from '../http-files/upload.ts'
import type { Job } from '../transfers/job.ts'
import type { Landed } from './to-server.ts'

export interface FormShipment {
  readonly url: string
  readonly path: string
  /** Sent as the field `path` (spec 06 §7, UploadRecordFile2). */
  readonly to: string | undefined
  source(): Promise<Content | null>
}

/** An upload as a form to any HTTP server, always from the start (spec 06 §7, type 1). */
export const formUpload = (
  ports: Pick<HttpPorts, 'env' | 'newRequest'>,
  { url, path, to, source }: FormShipment,
): Job<Landed> => ({
  async run(signal, report) {
    const content = await source()
    if (!content) throw new Failure(HTTP_RESULT.file)
    const file = await wholeOf(content, signal)
    report.size(file.size)
    report.begin()
    const answer = await sendForm(ports, {
      url,
      headers: new Headers(),
      file,
      name: lastComponent(path),
      fields: to === undefined ? {} : { path: to },
      signal,
      at: (bytes) => report.at(bytes),
    })
    if (!answer.isWell) throw new Failure(HTTP_RESULT.http + answer.status)
    return { id: '', url }
  },
  discard() {},
})
