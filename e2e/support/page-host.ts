import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const PAGES = fileURLToPath(new URL('../pages/', import.meta.url))
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

/**
 * Serves integrators' pages from an origin of its own, as in real life; `SERVER` in them becomes the
 * server's address. `extra` adds pages that are not files.
 */
export const hostPages = async (serverUrl: string, extra: Record<string, string> = {}) => {
  const server = createServer(async (req, res) => {
    const name = path.basename(new URL(req.url ?? '/', 'http://x').pathname)
    const body = extra[name] ?? (await readFile(path.join(PAGES, name), 'utf8').catch(() => null))
    if (body === null) {
      res.writeHead(name === 'favicon.ico' ? 204 : 404).end()
      return
    }
    res.writeHead(200, {
      'content-type': `${TYPES[path.extname(name)] ?? 'text/plain'}; charset=utf-8`,
    })
    res.end(body.replaceAll('{{SERVER}}', serverUrl))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
