import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'

/** The local address from which the kernel would reach a remote one; no packet is sent for it. */
export const addressTowards = (remote: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(isIP(remote) === 6 ? 'udp6' : 'udp4')
    const failed = (error: Error) => socket.close(() => reject(error))
    socket.once('error', failed)
    // The callback gets the error of a connection that cannot be; its type does not say so.
    socket.connect(9, remote, ((error?: Error) => {
      if (error) return failed(error)
      const { address } = socket.address()
      socket.close(() => resolve(address))
    }) as () => void)
  })
