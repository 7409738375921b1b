import { connect, createServer, type Socket } from 'node:net'

/** A wire to the server that the test may cut. */
export const startCutProxy = async (port: number) => {
  const pairs = new Set<Socket>()
  let broken = false
  const server = createServer((near) => {
    if (broken) {
      near.destroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      pairs.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        pairs.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of [...pairs]) socket.destroy()
  }
  return {
    url: `http://localhost:${(server.address() as { port: number }).port}`,
    /** Ends every connection; new ones work, unless `stayBroken`. */
    cut(stayBroken = false) {
      broken = stayBroken
      cut()
    },
    mend() {
      broken = false
    },
    async close() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
