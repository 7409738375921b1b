import type { FakeEnv } from '../link/fake-env.ts'

/** What becomes of one request. */
export type Fate = 'well' | 'lost' | 'answer-lost' | 'half' | 'error'

/** A network that treats each request as the list says, and well when it has ended. */
export const fateful = (fates: readonly Fate[]) => {
  const left = [...fates]
  return () => left.shift() ?? 'well'
}

/** A server of the tus protocol for one upload (HEAD and PATCH). */
export const tusServer = (fate: () => Fate) => {
  let got = new Uint8Array()
  const requests: { method: string; bytes: number }[] = []
  const take = (bytes: Uint8Array) => {
    const all = new Uint8Array(got.length + bytes.length)
    all.set(got)
    all.set(bytes, got.length)
    got = all
  }
  const answer = (status: number) =>
    new Response(null, { status, headers: { 'Upload-Offset': String(got.length) } })
  const fetch = async (_url: unknown, init: RequestInit = {}): Promise<Response> => {
    const { method = 'GET', headers, body } = init
    const bytes = body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : null
    requests.push({ method, bytes: bytes?.length ?? 0 })
    const now = fate()
    if (now === 'lost') throw new TypeError('Failed to fetch')
    if (now === 'error') return new Response(null, { status: 503 })
    if (method === 'HEAD') return answer(200)
    if (Number(new Headers(headers).get('Upload-Offset')) !== got.length)
      return new Response(null, { status: 409 })
    take(now === 'half' ? (bytes ?? got).subarray(0, (bytes?.length ?? 0) / 2) : (bytes ?? got))
    if (now !== 'well') throw new TypeError('Failed to fetch')
    return answer(204)
  }
  return {
    fetch,
    requests,
    get bytes() {
      return got
    },
  }
}

/** A server of one file with ranges. */
export const rangeServer = (content: Uint8Array<ArrayBuffer>, fate: () => Fate) => {
  const asked: (string | null)[] = []
  const fetch = async (_url: unknown, init: RequestInit = {}): Promise<Response> => {
    const range = new Headers(init.headers).get('Range')
    asked.push(range)
    const now = fate()
    if (now === 'lost') throw new TypeError('Failed to fetch')
    if (now === 'error') return new Response(null, { status: 503 })
    const rest = content.slice(Number(/\d+/.exec(range ?? '0')?.[0]))
    const status = range ? 206 : 200
    if (now === 'well') return new Response(rest, { status })
    let half: Uint8Array | null = rest.slice(0, Math.ceil(rest.length / 2))
    const body = new ReadableStream({
      pull(controller) {
        if (half && half.length > 0) controller.enqueue(half)
        else controller.error(new TypeError('network error'))
        half = null
      },
    })
    return new Response(body, { status })
  }
  return { fetch, asked }
}

export const randomBytes = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length)
  // The most that one call gives.
  for (let at = 0; at < length; at += 65_536)
    crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

/** Lets time pass until the promise has settled. */
export const passUntil = async <T>(env: FakeEnv, promise: Promise<T>): Promise<T> => {
  let over = false
  const settled = () => {
    over = true
  }
  promise.then(settled, settled)
  for (let round = 0; round < 2000 && !over; round++) await env.pass(500)
  return await promise
}
