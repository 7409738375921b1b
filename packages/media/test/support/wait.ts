import { createSocket } from 'node:dgram'

/** Until `check` holds; throws after `ms`. */
export const until = async (check: () => boolean, ms = 10_000): Promise<void> => {
  const end = performance.now() + ms
  while (!check()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A UDP port that nobody has just now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp6')
    socket.once('error', reject)
    socket.bind(0, () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
