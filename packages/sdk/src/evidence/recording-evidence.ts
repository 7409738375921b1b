import { EVIDENCE, type EvidenceCrypto } from '@yuntang/protocol'
import type { LinkEnv } from '../link/env.ts'
import type { Send } from '../link/link.ts'
import type { RecordTap } from '../recording/recordings.ts'
import { createGrowingChain, type GrowingChain } from './progress.ts'
import type { StampStore } from './stamp-store.ts'

/** Between two stamps. */
const STAMP_MS = 10_000
/** Evidence of recordings whose file is gone stays for a day, as files without an entry do. */
const ORPHAN_MS = 24 * 3_600_000

export interface RecordingEvidenceDeps {
  readonly env: Pick<LinkEnv, 'after'>
  readonly digest: EvidenceCrypto['digest']
  readonly stamps: StampStore
  readonly send: Send
  /** Logged in or in a meeting. */
  connected(): boolean
  /** Milliseconds since 1970. */
  wallClock(): number
}

/** What is said when an upload is finished. */
export interface EvidenceClaim {
  readonly recording: string
  readonly stamps: number
}

/** Chains what recordings write, and has it stamped. */
export interface RecordingEvidence extends RecordTap {
  /** Hands the stamps of a recording in to the server; null when no evidence was wanted. */
  handIn(recording: string, signal: AbortSignal): Promise<EvidenceClaim | null>
  /** Forgets old recordings but these. */
  tidy(kept: ReadonlySet<string>): Promise<void>
  close(): void
}

interface Running {
  readonly chain: GrowingChain
  /** A stamp is on its way. */
  busy: boolean
  given: number
  cancel: () => void
}

export const createRecordingEvidence = (deps: RecordingEvidenceDeps): RecordingEvidence => {
  const { env, stamps } = deps
  const running = new Map<string, Running>()
  /** Last stamps under way, by recording. */
  const ending = new Map<string, Promise<void>>()

  const warn = (error: unknown) => console.warn('a recording goes on without this stamp', error)

  const stamp = async (run: Running) => {
    const progress = await run.chain.progress()
    // One place is for the stamp at the end.
    if (!deps.connected() || (run.given >= EVIDENCE.stamps - 1 && !progress.final)) return
    const answer = await deps.send('evidence.stamp', progress)
    await stamps.add(answer.stamp)
    run.given++
  }
  const tick = (run: Running) => {
    run.cancel = env.after(STAMP_MS, () => tick(run))
    if (run.busy) return
    run.busy = true
    stamp(run)
      .catch(warn)
      .finally(() => {
        run.busy = false
      })
  }

  return {
    begun(id, { evidence = deps.connected() }) {
      if (!evidence) return
      const chain = createGrowingChain(id, deps.digest)
      const run: Running = { chain, busy: false, given: 0, cancel: () => {} }
      running.set(id, run)
      stamps.begin(id, deps.wallClock()).catch(warn)
      tick(run)
    },
    written(id, bytes) {
      running.get(id)?.chain.add(bytes)
    },
    ended(id, kept) {
      const run = running.get(id)
      if (!run) return
      running.delete(id)
      run.cancel()
      run.chain.end()
      const end = async () => {
        if (kept) await stamp(run)
        else await stamps.remove(id)
      }
      const last = end()
        .catch(warn)
        .finally(() => ending.delete(id))
      ending.set(id, last)
    },
    async handIn(recording, signal) {
      await ending.get(recording)
      signal.throwIfAborted()
      const all = await stamps.of(recording).catch(() => null)
      if (!all) return null
      for (let from = 0; from < all.length; from += EVIDENCE.stampsPerFrame) {
        const part = all.slice(from, from + EVIDENCE.stampsPerFrame)
        await deps.send('evidence.attach', { recording, from, stamps: part }, signal)
      }
      return { recording, stamps: all.length }
    },
    async tidy(kept) {
      for (const recording of await stamps.olderThan(deps.wallClock() - ORPHAN_MS))
        if (!kept.has(recording)) await stamps.remove(recording)
    },
    close() {
      for (const run of running.values()) run.cancel()
      running.clear()
    },
  }
}
