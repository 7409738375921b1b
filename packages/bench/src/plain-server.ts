import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What an upload costs at least: an HTTP server that writes each body into the file and answers. */
const plain = async (file: string): Promise<void> => {
  const { createServer } = await import('node:http')
  const { createWriteStream } = await import('node:fs')
  const server = createServer((request, response) => {
    const to = createWriteStream(file)
    request.pipe(to).once('finish', () => response.end())
  })
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
  process.on('disconnect', () => process.exit(0))
}

/** Starts it in a process of its own from its own source text; it ends with `close`. */
export const startPlainServer = async (
  file: string,
): Promise<{ readonly url: string; close(): void }> => {
  const code = `(${plain.toString()})(${JSON.stringify(file)})`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { url: `http://127.0.0.1:${port}/`, close: () => child.disconnect() }
}
