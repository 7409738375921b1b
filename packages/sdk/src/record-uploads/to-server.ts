import { YuntangError } from '../errors.ts'
import type { EvidenceClaim } from '../evidence/recording-evidence.ts'
import type { Content } from '../files/content.ts'
import { lastComponent } from '../files/paths.ts'
import type { Send } from '../link/link.ts'
import { isLate, LATE_ANSWERS } from '../transfers/late.ts'
import type { UploadPlan } from '../transfers/upload.ts'

export interface ServerPorts {
  readonly send: Send
  /** The server that the link leads to, without a slash at the end. */
  server(): string
  /** Hands in what is known of a recording before it is finished; null: nothing. */
  handIn(content: string, signal: AbortSignal): Promise<EvidenceClaim | null>
}

/** A recording on its way to the record store. */
export interface Shipment {
  /** Secret name of the upload; the same content of the same user has the same. */
  readonly key: string
  /** Name of the content in the file store. */
  readonly content: string
  /** As the page gave it. */
  readonly path: string
  /** Place in the store; undefined: of the day. */
  readonly to: string | undefined
  /** What is known when every byte is there. */
  described(): { duration: number; mimeType: string }
}

/** Where an upload ended. */
export interface Landed {
  /** Of the stored record; `""` elsewhere. */
  readonly id: string
  readonly url: string
}

/** Asks where the bytes go; `size` is what the server reserves. */
export const beginShipment = async (
  { send, server }: ServerPorts,
  { key, path, to }: Shipment,
  size: number,
  signal: AbortSignal,
): Promise<string> => {
  const name = lastComponent(path)
  const wanted = { key, name, size, ...(to !== undefined && { to }) }
  return server() + (await send('records.begin', wanted, signal)).path
}

const isForgotten = (error: unknown) =>
  error instanceof YuntangError && error.code === 'evidence.missing'

/** An upload to the record store (spec 06 §7). */
export const planForServer = (
  ports: ServerPorts,
  shipment: Shipment,
  source: () => Promise<Content | null>,
): UploadPlan<Landed> => {
  let size = 0
  return {
    source,
    begin(wanted, signal) {
      size = wanted
      return beginShipment(ports, shipment, wanted, signal)
    },
    async finish(md5, signal) {
      const finished = { key: shipment.key, size, md5, ...shipment.described() }
      let evidence = await ports.handIn(shipment.content, signal)
      for (let late = 0; ; late++) {
        try {
          const all = { ...finished, ...(evidence && { evidence }) }
          const { record, url } = await ports.send('records.finish', all, signal)
          return { id: record.id, url: ports.server() + url }
        } catch (error) {
          if (late >= LATE_ANSWERS) throw error
          // A server that was restarted has forgotten the stamps.
          if (isForgotten(error)) evidence = await ports.handIn(shipment.content, signal)
          else if (!isLate(error)) throw error
        }
      }
    },
    cancel() {
      ports.send('records.cancel', { key: shipment.key }).catch(() => {})
    },
  }
}
