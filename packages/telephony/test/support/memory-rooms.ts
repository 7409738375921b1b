import { OpusCodec } from '../../src/codec/opus.ts'
import type { RoomPacket, SoundRooms, SpokenPacket } from '../../src/rooms.ts'
import { joined, tone } from './tone.ts'

type Bridged = { room: string; peer: string; packets: readonly RoomPacket[] }

/** Rooms in memory: what bridges they have, and one page that may sing in each. */
export const memoryRooms = () => {
  const bridges = new Map<string, { speaks: boolean; listens: boolean }>()
  const spoken = new Map<string, SpokenPacket[]>()
  const bridgedTo = new Set<(data: Bridged) => void>()
  const crashedTo = new Set<(data: { rooms: string[] }) => void>()
  const rooms: SoundRooms = {
    async openBridge({ room, peer, speaks, listens }) {
      bridges.set(`${room}/${peer}`, { speaks, listens })
    },
    sendBridge({ room, peer, packet }) {
      const name = `${room}/${peer}`
      spoken.set(name, [...(spoken.get(name) ?? []), packet])
    },
    async closePeer({ room, peer }) {
      bridges.delete(`${room}/${peer}`)
    },
    on(event: 'bridged' | 'crashed', listener: (data: never) => void) {
      const set: Set<(data: never) => void> = event === 'bridged' ? bridgedTo : crashedTo
      set.add(listener)
      return () => void set.delete(listener)
    },
  }
  return {
    rooms,
    bridges,
    spoken,
    listeners: () => bridgedTo.size + crashedTo.size,
    crash(room: string) {
      for (const name of bridges.keys()) if (name.startsWith(`${room}/`)) bridges.delete(name)
      for (const tell of crashedTo) tell({ rooms: [room] })
    },
    /** A page sings into the room until the returned function is called. */
    sing(room: string, hz: number) {
      const codec = new OpusCodec({ bitrate: 32_000, complexity: 0 })
      const began = performance.now()
      let n = 0
      const timer = setInterval(() => {
        for (; n * 20 <= performance.now() - began; n++) {
          const opus = codec.encode(tone(hz, 960, 48_000, { from: n * 960 }))
          if (!opus) throw new Error('The codec refused a frame')
          const packet = {
            from: 'page',
            track: 'mic',
            stream: 7,
            seq: n & 0xffff,
            timestamp: n * 960,
          }
          const ears = [...bridges].filter(
            ([b, { listens }]) => b.startsWith(`${room}/`) && listens,
          )
          for (const [name] of ears)
            for (const tell of bridgedTo)
              tell({ room, peer: name.slice(room.length + 1), packets: [{ ...packet, opus }] })
        }
      }, 10)
      return () => {
        clearInterval(timer)
        codec.close()
      }
    },
    /** What a peer said last, decoded: 48 kHz. */
    said(room: string, peer: string, packets: number): Int16Array {
      const codec = new OpusCodec({ bitrate: 32_000, complexity: 0 })
      const parts = (spoken.get(`${room}/${peer}`) ?? []).slice(-packets).map(({ opus }) => {
        const out = new Int16Array(2_880)
        return out.subarray(0, codec.decode(opus, out))
      })
      codec.close()
      return joined(parts)
    },
  }
}
