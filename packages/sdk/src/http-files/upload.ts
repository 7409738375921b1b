import { wholeOf } from '../files/content.ts'
import { lastComponent } from '../files/paths.ts'
import { HTTP_RESULT } from './api.ts'
import { Failure, type HttpPorts, type Run, watchSilence } from './run.ts'

/** Of the answer (spec 06 §6, FileHttpRspContent). */
const MOST_CONTENT = 1024 * 1024

/** A file on its way as a form. */
export interface FormOrder {
  readonly url: string
  readonly headers: Headers
  readonly file: Blob
  readonly name: string
  /** Further fields, before the file. */
  readonly fields: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  at(bytes: number): void
}

export interface FormAnswer {
  /** A 2xx status. */
  readonly isWell: boolean
  readonly status: number
  /** One line each. */
  readonly headers: string
  readonly content: string
}

/**
 * Sends a file as a form's field `file` (spec 06 §4); XMLHttpRequest tells how far it is. Rejects with a
 * {@link Failure} when no answer comes, or with the abort's reason.
 */
export const sendForm = async (
  ports: Pick<HttpPorts, 'env' | 'newRequest'>,
  order: FormOrder,
): Promise<FormAnswer> => {
  const { file, signal } = order
  const form = new FormData()
  for (const [name, value] of Object.entries(order.fields)) form.append(name, value)
  form.append('file', file, order.name)
  const request = ports.newRequest()

  await new Promise<void>((resolve, reject) => {
    const end = (finish: () => void) => {
      silence.stop()
      signal.removeEventListener('abort', abort)
      finish()
    }
    const silence = watchSilence(ports.env, (failure) =>
      end(() => {
        reject(failure)
        request.abort()
      }),
    )
    const abort = () =>
      end(() => {
        reject(signal.reason)
        request.abort()
      })
    signal.addEventListener('abort', abort, { once: true })
    request.upload.onprogress = ({ loaded, total }) => {
      silence.heard()
      // The form around the file counts there.
      order.at(Math.max(0, loaded - (total - file.size)))
    }
    request.onprogress = silence.heard
    request.onerror = () => end(() => reject(new Failure(HTTP_RESULT.network)))
    request.onload = () => end(resolve)
    request.open('POST', order.url)
    for (const [name, value] of order.headers) request.setRequestHeader(name, value)
    request.send(form)
  })
  return {
    isWell: request.status >= 200 && request.status < 300,
    status: request.status,
    headers: request.getAllResponseHeaders().trim(),
    content: request.responseText.slice(0, MOST_CONTENT),
  }
}

/** The file, or what it holds if the page wants it decrypted (`decodeCREEFile`, spec 06 §4). */
const sourceOf = async (ports: HttpPorts, { kept, signal }: Run): Promise<Blob | null> => {
  const file = await ports.files.read(kept.path)
  const wantsPlain = Number(kept.params.decodeCREEFile ?? 0) === 1
  return file && wantsPlain ? await wholeOf(await ports.plain(file), signal) : file
}

/** One upload of the HTTP file manager. */
export const upload = async (ports: HttpPorts, run: Run): Promise<void> => {
  const blob = await sourceOf(ports, run).catch(() => null)
  run.signal.throwIfAborted()
  if (!blob) throw new Failure(HTTP_RESULT.file)
  run.keep({ size: blob.size })
  run.at(0, blob.size)
  const { url, headers, signal } = run
  const name = lastComponent(run.kept.path)
  const at = (bytes: number) => run.at(bytes, blob.size)
  const answer = await sendForm(ports, { url, headers, file: blob, name, fields: {}, signal, at })
  if (answer.isWell) run.whole(blob.size)
  run.header(answer.headers)
  run.content(answer.content)
  if (!answer.isWell) throw new Failure(HTTP_RESULT.http + answer.status)
  run.keep({ done: blob.size, finished: true })
}
