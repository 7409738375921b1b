import { lastComponent } from '../files/paths.ts'
import { HTTP_RESULT } from './api.ts'
import { Failure, type HttpPorts, type Run, watchSilence } from './run.ts'

/** Of the answer (spec 06 §6, FileHttpRspContent). */
const MOST_CONTENT = 1024 * 1024

/** Sends a file as a form's field `file` (spec 06 §4); XMLHttpRequest tells how far it is. */
export const upload = async (ports: HttpPorts, run: Run): Promise<void> => {
  const blob = await ports.files.read(run.kept.path).catch(() => null)
  run.signal.throwIfAborted()
  if (!blob) throw new Failure(HTTP_RESULT.file)
  run.keep({ size: blob.size })
  run.at(0, blob.size)
  const form = new FormData()
  form.append('file', blob, lastComponent(run.kept.path))
  const request = ports.newRequest()

  await new Promise<void>((resolve, reject) => {
    const end = (finish: () => void) => {
      silence.stop()
      run.signal.removeEventListener('abort', abort)
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
        reject(run.signal.reason)
        request.abort()
      })
    run.signal.addEventListener('abort', abort, { once: true })
    request.upload.onprogress = ({ loaded, total }) => {
      silence.heard()
      // The form around the file counts there.
      run.at(Math.max(0, loaded - (total - blob.size)), blob.size)
    }
    request.onprogress = silence.heard
    request.onerror = () => end(() => reject(new Failure(HTTP_RESULT.network)))
    request.onload = () => end(resolve)
    request.open('POST', run.url)
    for (const [name, value] of run.headers) request.setRequestHeader(name, value)
    request.send(form)
  })
  const isWell = request.status >= 200 && request.status < 300
  if (isWell) run.whole(blob.size)
  run.header(request.getAllResponseHeaders().trim())
  run.content(request.responseText.slice(0, MOST_CONTENT))
  if (!isWell) throw new Failure(HTTP_RESULT.http + request.status)
  run.keep({ done: blob.size, finished: true })
}
