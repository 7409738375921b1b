import type { Content } from '../files/content.ts'
import type { Job, TransferPorts } from '../transfers/job.ts'
import { createPartSender } from '../transfers/put-bytes.ts'
import { tryOn } from '../transfers/tries.ts'
import { createUpload } from '../transfers/upload.ts'
import type { UploadRate } from '../transfers/upload-rate.ts'
import {
  beginShipment,
  type Landed,
  planForServer,
  type ServerPorts,
  type Shipment,
} from './to-server.ts'

/** What the network has not taken yet is held up to this; the rest waits for the finished file. */
const MOST_HELD = 32 * 1024 * 1024
/** The server is asked for so much more room at a time. */
const ROOM = 8 * 1024 * 1024

/** What a recording has written and the server has not confirmed. */
export interface Growth {
  /** The next piece. */
  add(bytes: Uint8Array<ArrayBuffer>): void
  /** The file is there. */
  end(): void
}

interface Held extends Growth {
  /** Bytes that were written. */
  readonly size: number
  readonly over: boolean
  /** The content, as far as it is held from `offset` on; null when a part of it is not any more. */
  from(offset: number): Content | null
  /** The server has so much. */
  taken(offset: number): void
  /** Resolves when there is more than `offset`, or all of it is there; rejects with the abort's reason. */
  more(offset: number, signal: AbortSignal): Promise<void>
}

const createHeld = (): Held => {
  let pieces: Blob[] = []
  /** Position of the first piece. */
  let start = 0
  let size = 0
  let over = false
  let wake = () => {}

  return {
    get size() {
      return size
    },
    get over() {
      return over
    },
    add(bytes) {
      pieces.push(new Blob([bytes]))
      size += bytes.byteLength
      if (size - start > MOST_HELD) {
        pieces = []
        start = size
      }
      wake()
    },
    end() {
      over = true
      wake()
    },
    from(offset) {
      if (offset < start) return null
      const [blob, first] = [new Blob(pieces), start]
      return { size, slice: (from, to) => blob.slice(from - first, to - first) }
    },
    taken(offset) {
      let first = pieces[0]
      while (first && start + first.size <= offset) {
        start += first.size
        pieces.shift()
        first = pieces[0]
      }
    },
    more(offset, signal) {
      if (over || size > offset) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const abort = () => reject(signal.reason)
        signal.addEventListener('abort', abort, { once: true })
        wake = () => {
          signal.removeEventListener('abort', abort)
          resolve()
        }
      })
    },
  }
}

/**
 * The upload of a recording that is still being written (spec 10 §2.2, isUploadOnRecording): its pieces
 * go as they come; when it is over the finished file supplies what is missing.
 */
export const growingUpload = (
  shipment: Shipment,
  source: () => Promise<Content | null>,
  ports: TransferPorts & ServerPorts,
  rate: UploadRate,
): { job: Job<Landed>; growth: Growth } => {
  const held = createHeld()
  const sender = createPartSender(ports, rate)
  const rest = createUpload(planForServer(ports, shipment, source), ports, rate)
  let sent = 0

  /** Sends what comes until the file is there, or until only the file can help. */
  const follow = async (signal: AbortSignal, told: () => void) => {
    let room = sent + ROOM
    let url = await beginShipment(ports, shipment, room, signal)
    sent = await sender.offset(url, signal)
    while (!held.over) {
      await held.more(sent, signal)
      const next = held.from(sent)
      if (held.over || next === null) return
      if (held.size > room) {
        room = held.size + ROOM
        url = await beginShipment(ports, shipment, room, signal)
      }
      sent = await sender.send(url, next, sent, signal)
      held.taken(sent)
      told()
    }
  }
  /** Nothing can be sent before the file is there. */
  const wait = async (signal: AbortSignal) => {
    while (!held.over) await held.more(Number.POSITIVE_INFINITY, signal)
  }

  return {
    growth: held,
    job: {
      async run(signal, report) {
        const told = () => {
          report.size(held.size)
          report.begin()
          report.at(sent)
        }
        await tryOn(
          ports.env,
          signal,
          () => sent,
          () => follow(signal, told),
        )
        await wait(signal)
        return await rest.run(signal, report)
      },
      discard: rest.discard,
    },
  }
}
