import { fsyncSync } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

type InitResult = Awaited<ReturnType<NodeFS['init']>>
type ModuleOptions = Parameters<NodeFS['init']>[1]

interface OpenFile {
  /** Descriptor of the real file; directories have none. */
  readonly nfd?: number
}
interface NodeFileSystem {
  readonly NODEFS: { readonly stream_ops: { fsync?: (file: OpenFile) => number } }
}

/** WASI's errno for an input/output error; PostgreSQL then stops instead of believing the write. */
const EIO = 29

/**
 * PGlite's file system, with an fsync that reaches the disk. As shipped, it runs with fsync off
 * and its fsync does nothing, so that a commit survives the end of the process, but not of power.
 */
export class DurableNodeFS extends NodeFS {
  /** Returns when the file is on the disk. */
  protected flush(descriptor: number): void {
    fsyncSync(descriptor)
  }

  override async init(pg: PGlite, options: ModuleOptions): Promise<InitResult> {
    const result = await super.init(pg, options)
    const install = (module: unknown) => {
      ;(module as NodeFileSystem).NODEFS.stream_ops.fsync = (file) => {
        try {
          if (file.nfd !== undefined) this.flush(file.nfd)
          return 0
        } catch {
          return EIO
        }
      }
    }
    const before = result.emscriptenOpts.preRun ?? []
    result.emscriptenOpts.preRun = [...(Array.isArray(before) ? before : [before]), install]
    return result
  }
}

/** Start parameters of a PGlite whose commits are on disk: `fdatasync` is a no-op in its runtime. */
export const durableStartParams = (defaults: readonly string[]): string[] => [
  ...defaults.filter((param) => param !== '-F'),
  '-c',
  'wal_sync_method=fsync',
]
