import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'

/** The local address from which the kernel would reach a remote one; no packet is sent for it. */
export const addressTowards = (remote: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(isIP(remote) === 6 ? 'udp6' : 'udp4')
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.connect(9, remote, () => {
      const { address } = socket.address()
      socket.close(() => resolve(address))
    })
  })
