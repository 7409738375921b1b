import type { Manifest } from '@yuntang/protocol'
import type { BlobStore } from '../../files/blob-store.ts'
import { removeOrphans } from '../../files/orphans.ts'
import type { HandedIn } from './handed-in.ts'
import type { Notary } from './notary.ts'
import type { Witness } from './policy.ts'

/** Marks blobs of manifests among those of other domains. */
const PREFIX = 'evi-'

/** The blob with the manifest of a record. */
export const manifestBlobOf = (id: string): string => PREFIX + id

/** What a page says of a file that it has uploaded. */
export interface Claim {
  readonly recording: string
  /** How many stamps it has handed in. */
  readonly stamps: number
  readonly witness: Witness
}

/** The manifests of recordings on the server; each belongs to the record of its id. */
export class Manifests {
  constructor(
    private readonly blobs: BlobStore,
    private readonly notary: Notary,
    private readonly handedIn: HandedIn,
  ) {}

  /** Removes what belongs to no record. */
  async start(known: (ids: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void> {
    await removeOrphans(this.blobs, PREFIX, async (some) => {
      const there = await known(some.map((blob) => blob.slice(PREFIX.length)))
      return new Set([...there].map(manifestBlobOf))
    })
  }

  /** Null when the file is too long for the format. @throws ProtocolError evidence.missing */
  async write(
    file: { readonly name: string; readonly mimeType: string },
    { recording, stamps, witness }: Claim,
    pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  ): Promise<Manifest | null> {
    const given = this.handedIn.get(witness, recording, stamps)
    return await this.notary.manifest({
      recording,
      stamps: given,
      name: file.name,
      mimeType: file.mimeType,
      owner: witness,
      pieces,
    })
  }

  /** On the disk when it resolves. */
  async keep(id: string, manifest: Manifest): Promise<void> {
    await this.blobs.put(manifestBlobOf(id), Buffer.from(`${JSON.stringify(manifest)}\n`))
  }

  async has(id: string): Promise<boolean> {
    return (await this.blobs.length(manifestBlobOf(id))) !== null
  }

  async remove(id: string): Promise<void> {
    await this.blobs.remove(manifestBlobOf(id))
  }
}
