import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

type Order =
  | { do: 'open'; phones: number }
  | { do: 'call'; to: number[]; speaking: number }
  | { do: 'end' }

/**
 * Telephones in a process of their own, from its own source text: each sends 50 packets of A-law a
 * second to its port, the first ones speech-like noise, the others silence.
 */
const load = async (): Promise<void> => {
  const { createSocket } = await import('node:dgram')
  const phones: import('node:dgram').Socket[] = []
  let received = 0
  const call = (to: readonly number[], speaking: number) => {
    const packets = to.map((_, i) => {
      const packet = Buffer.alloc(172, 0xd5)
      packet[0] = 0x80
      packet[1] = 8
      packet.writeUInt32BE(1_000 + i, 8)
      for (let n = 12; i < speaking && n < 172; n++) packet[n] = 0x90 + ((n * (i + 3) * 7) % 32)
      return packet
    })
    const began = performance.now()
    let sent = 0
    setInterval(() => {
      for (; sent * 20 <= performance.now() - began; sent++)
        for (const [i, packet] of packets.entries()) {
          packet.writeUInt16BE(sent & 0xffff, 2)
          packet.writeUInt32BE(sent * 160, 4)
          phones[i]?.send(packet, to[i] as number, '127.0.0.1')
        }
    }, 5)
  }
  process.on('message', async (o: Order) => {
    if (o.do === 'open') {
      for (let i = 0; i < o.phones; i++) {
        const socket = createSocket('udp4')
        socket.on('message', () => void received++)
        phones.push(socket)
        await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
      }
      process.send?.(phones.map((s) => s.address().port))
    } else if (o.do === 'call') call(o.to, o.speaking)
    else {
      process.send?.(received, () => process.exit(0))
    }
  })
  process.on('disconnect', () => process.exit(0))
}

/** Starts so many telephones; their ports. */
export const startPhones = async (phones: number) => {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--input-type=module', '-e', `(${load.toString()})()`],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  const ask = async <T>(order: Order): Promise<T> => {
    const answer = once(child, 'message')
    child.send(order)
    return (await answer)[0] as T
  }
  const ports = await ask<number[]>({ do: 'open', phones })
  return {
    ports,
    /** Begins to send to these ports. */
    call: (to: number[], speaking: number) => child.send({ do: 'call', to, speaking }),
    /** Packets that the telephones got in all. */
    end: () => ask<number>({ do: 'end' }),
  }
}
