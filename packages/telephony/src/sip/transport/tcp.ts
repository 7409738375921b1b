import { connect, createServer } from 'node:net'
import type { Clock } from '../../clock.ts'
import { writeMessage } from '../message/message.ts'
import { Connection } from './connection.ts'
import type { Hop, Transport } from './port.ts'
import type { SocketOptions } from './udp.ts'

/** Connections at a time that the trunk may open, and how long one of ours may take, in milliseconds. */
const MAX_CONNECTIONS = 32
const CONNECT_WITHIN = 5000

const PING = Buffer.from('\r\n\r\n')

/** Listens for connections of the trunk, and keeps one to each of its addresses that we speak to. */
export const openTcp = async (options: SocketOptions & { clock: Clock }): Promise<Transport> => {
  const connections = new Map<number, Connection>()
  const outgoing = new Map<string, Connection>()
  let next = 1
  let isOpen = true

  const server = createServer((socket) => {
    const remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
    if (!options.allows(remote.address) || connections.size >= MAX_CONNECTIONS) {
      socket.destroy()
      return
    }
    const id = next++
    connections.set(
      id,
      new Connection(id, socket, remote, options.events, () => connections.delete(id)),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: options.address, port: options.port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as { port: number }

  const connectionTo = (to: Hop): Connection => {
    const key = `${to.address} ${to.port}`
    const known = outgoing.get(key)
    if (known) return known
    const id = next++
    const socket = connect({ host: to.address, port: to.port, localAddress: options.address })
    const giveUp = options.clock.schedule(CONNECT_WITHIN, () => socket.destroy())
    socket.once('connect', giveUp)
    const connection = new Connection(id, socket, to, options.events, () => {
      giveUp()
      connections.delete(id)
      if (outgoing.get(key) === connection) outgoing.delete(key)
    })
    connections.set(id, connection)
    outgoing.set(key, connection)
    return connection
  }

  const write = (data: Buffer, to: Hop, failed: () => void) => {
    if (isOpen) (connections.get(to.connection) ?? connectionTo(to)).write(data, failed)
    else queueMicrotask(failed)
  }

  return {
    kind: 'TCP',
    reliable: true,
    local: { address: options.address, port },
    send: (message, to, failed) => write(writeMessage(message), to, failed),
    ping: (to) => write(PING, to, () => {}),
    async close() {
      if (!isOpen) return
      isOpen = false
      const down = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const connection of connections.values()) connection.close()
      const forced = options.clock.schedule(1000, () => {
        for (const connection of connections.values()) connection.destroy()
      })
      await down
      forced()
    },
  }
}
