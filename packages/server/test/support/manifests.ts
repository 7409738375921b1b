import type { Clock } from '../../src/core/clock.ts'
import { HandedIn } from '../../src/domains/evidence/handed-in.ts'
import { Manifests } from '../../src/domains/evidence/manifests.ts'
import { Notary } from '../../src/domains/evidence/notary.ts'
import type { BlobStore } from '../../src/files/blob-store.ts'
import { testSigningKey } from './signing-key.ts'

/** The manifests of a server under test. */
export const testManifests = (blobs: BlobStore, clock: Clock) =>
  new Manifests(blobs, new Notary(testSigningKey, clock), new HandedIn(clock))
