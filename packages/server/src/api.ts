import type { FastifyInstance } from 'fastify'
import type { App } from './app.ts'
import type { Log } from './core/log.ts'
import { evidenceKeyRoute } from './domains/evidence/key-http.ts'
import { queuesApi } from './domains/queues/admin-http.ts'
import { companyApi } from './domains/queues/company-http.ts'
import { recordsApi } from './domains/records/admin-http.ts'
import type { BlobStore } from './files/blob-store.ts'
import { fileRoutes } from './files/routes.ts'
import type { SignedPaths } from './files/signed-paths.ts'
import { addUnloadRoute } from './gateway/unload.ts'
import type { AdminToken } from './http/admin-token.ts'
import type { AccountStore } from './storage/port.ts'

export interface ApiDeps {
  readonly app: Pick<App, 'gateway' | 'queues' | 'records'>
  readonly blobs: BlobStore
  readonly paths: SignedPaths
  readonly log: Log
  /** Of the evidence, base64url. */
  readonly publicKey: string
  /** Null: any. */
  readonly allowedOrigins: readonly string[] | null
  /** Null: the administrator's interfaces are off. */
  readonly admin: AdminToken | null
  /** What the administrator means who names no account. */
  readonly account: string
  readonly accounts: Pick<AccountStore, 'find'>
}

/** Everything that the server answers over HTTP beside its files; to be added before it listens. */
export const addApi = async (http: FastifyInstance, deps: ApiDeps): Promise<void> => {
  const { app, blobs, paths, log, admin, allowedOrigins } = deps
  if (admin) {
    const door = {
      queues: app.queues,
      records: app.records,
      blobs,
      log,
      token: admin,
      account: deps.account,
      // No database takes a NUL.
      isAccount: async (name: string) =>
        !name.includes('\0') && (await deps.accounts.find(name)) !== null,
    }
    await http.register(queuesApi(door))
    await http.register(companyApi(door))
    await http.register(recordsApi(door))
  }
  addUnloadRoute(http, app.gateway)
  evidenceKeyRoute(http, deps.publicKey)
  await fileRoutes(http, { blobs, paths, allowedOrigins })
}
