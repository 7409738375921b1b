import { HTTP_RESULT } from './api.ts'
import { createPartialFile } from './partial-file.ts'
import { Failure, type HttpPorts, type Run, watchSilence } from './run.ts'

const lengthOf = (answer: Response) => {
  const length = answer.headers.has('Content-Encoding')
    ? Number.NaN
    : Number(answer.headers.get('Content-Length') ?? Number.NaN)
  return Number.isSafeInteger(length) ? length : 0
}
const validatorOf = ({ headers }: Response) =>
  headers.get('ETag') ?? headers.get('Last-Modified') ?? ''
const headerText = ({ headers }: Response) =>
  [...headers].map(([name, value]) => `${name}: ${value}`).join('\r\n')

/** Whether a partial answer belongs to what is there already, as far as its header shows. */
const continues = (answer: Response, { kept }: Run) => {
  const [from, validator, rest] = [
    answer.headers.get('Content-Range'),
    validatorOf(answer),
    lengthOf(answer),
  ]
  return (
    (from === null || from.startsWith(`bytes ${kept.done}-`)) &&
    (validator === '' || kept.validator === '' || validator === kept.validator) &&
    (rest === 0 || kept.size === 0 || kept.done + rest === kept.size)
  )
}

/** Downloads into the store, from where an earlier attempt stopped (spec 06 §4). */
export const download = async (ports: HttpPorts, run: Run): Promise<void> => {
  const file = createPartialFile(ports, run)
  const abort = new AbortController()
  const follow = () => abort.abort(run.signal.reason)
  run.signal.throwIfAborted()
  run.signal.addEventListener('abort', follow, { once: true })

  /** Aborts when the server is silent for too long. */
  const listen = async <T>(wait: Promise<T>): Promise<T> => {
    const silence = watchSilence(ports.env, (failure) => abort.abort(failure))
    try {
      return await wait
    } catch (error) {
      abort.signal.throwIfAborted()
      throw error instanceof Failure ? error : new Failure(HTTP_RESULT.network)
    } finally {
      silence.stop()
    }
  }
  const ask = (from: number) => {
    const headers = new Headers(run.headers)
    if (from > 0) headers.set('Range', `bytes=${from}-`)
    return listen(ports.fetch(run.url, { signal: abort.signal, cache: 'no-store', headers }))
  }
  const request = async () => {
    const from = await file.check()
    const answer = await ask(from)
    if (from === 0 || (answer.status === 206 && continues(answer, run))) return answer
    if (!answer.ok && answer.status !== 416) return answer
    await file.drop()
    if (answer.status === 200) return answer
    await answer.body?.cancel()
    return await ask(0)
  }

  try {
    const answer = await request()
    run.header(headerText(answer))
    if (!answer.ok) throw new Failure(HTTP_RESULT.http + answer.status)
    const length = lengthOf(answer)
    run.keep({
      size: length === 0 ? 0 : run.kept.done + length,
      validator: validatorOf(answer),
    })
    run.at(file.bytes, run.kept.size)
    const reader = answer.body?.getReader()
    while (reader) {
      const { done, value } = await listen(reader.read())
      if (done) break
      await file.write(value)
      run.at(file.bytes, run.kept.size)
    }
    await file.finish()
    run.whole(run.kept.size)
  } catch (error) {
    if (!run.kept.finished) await file.flush().catch(() => {})
    throw error
  } finally {
    run.signal.removeEventListener('abort', follow)
    abort.abort()
  }
}
