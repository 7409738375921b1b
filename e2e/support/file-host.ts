import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': 'content-range, etag, x-told',
}

/**
 * Somebody else's HTTP server. `/file` has ranges, `/plain` has none, `/slow` sends a little every now
 * and then, `/post` takes forms, `/status/404` answers so, `/closed` lets no other page in.
 */
export const startFileHost = async (content: Buffer) => {
  const ranges: (string | undefined)[] = []
  const posts: Received[] = []
  const held = new Set<ServerResponse>()
  let openAtOnce = 0
  let mostAtOnce = 0

  const drip = async (res: ServerResponse, bytes: Buffer) => {
    openAtOnce++
    mostAtOnce = Math.max(mostAtOnce, openAtOnce)
    held.add(res)
    const shut = () => {
      if (held.delete(res)) openAtOnce--
    }
    res.on('close', shut)
    const piece = Math.ceil(content.length / 20)
    for (let at = 0; at < bytes.length && !res.destroyed; at += piece) {
      // The page may ask for the next file as soon as it has the last byte.
      if (at + piece >= bytes.length) shut()
      res.write(bytes.subarray(at, at + piece))
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    res.end()
  }

  const server = createServer(async (req, res) => {
    const path = new URL(req.url ?? '/', 'http://x').pathname
    if (req.method === 'OPTIONS') {
      res.writeHead(204, CORS).end()
      return
    }
    if (path === '/closed') {
      res.writeHead(200).end('not for other pages')
      return
    }
    if (req.method === 'POST') {
      const pieces: Buffer[] = []
      for await (const piece of req) pieces.push(piece as Buffer)
      posts.push({ headers: req.headers, body: Buffer.concat(pieces) })
      const status = path === '/post' ? 200 : 500
      res.writeHead(status, { ...CORS, 'content-type': 'application/json', 'x-told': 'yes' })
      res.end(JSON.stringify({ status, taken: pieces.length > 0 }))
      return
    }
    const status = /^\/status\/(\d+)$/.exec(path)?.[1]
    if (status) {
      res.writeHead(Number(status), CORS).end('no')
      return
    }
    ranges.push(req.headers.range)
    const from = path === '/plain' ? 0 : Number(/^bytes=(\d+)-/.exec(req.headers.range ?? '')?.[1])
    const rest = content.subarray(from || 0)
    res.writeHead(from > 0 ? 206 : 200, {
      ...CORS,
      'content-type': 'application/octet-stream',
      'content-length': rest.length,
      etag: '"one"',
      ...(from > 0 && {
        'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      }),
    })
    if (path === '/slow' || path === '/plain') await drip(res, rest)
    else res.end(rest)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    ranges,
    posts,
    /** Most answers under way at one time. */
    get mostAtOnce() {
      return mostAtOnce
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const res of held) res.destroy()
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
