import { addApi } from '../../src/api.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { openBlobDirectory } from '../../src/files/blob-directory.ts'
import { createSignedPaths } from '../../src/files/signed-paths.ts'
import { createAdminToken } from '../../src/http/admin-token.ts'
import { createClientAddress } from '../../src/http/client-address.ts'
import { createTestHttpServer } from './http-server.ts'
import { startTestApp } from './page.ts'
import { tempDir } from './temp-dir.ts'

export const TOKEN = 'a token of the administrator'

/** Everything that the server answers over HTTP, on a port of its own, with one account `demo`. */
export const startTestApi = async ({ admin = true } = {}) => {
  const { dir, remove } = tempDir()
  const clock = createFakeClock()
  const failures: unknown[] = []
  const log = { ...silentLog, error: (fields: unknown) => failures.push(fields) }
  const test = await startTestApp({}, { clock })
  await test.storage.accounts.upsert({
    ...{ name: 'demo', passwordHash: 'x', authUrl: null, disabled: false },
  })
  const http = await createTestHttpServer(dir)
  const blobs = await openBlobDirectory(`${dir}/blobs`)
  const paths = createSignedPaths(Buffer.alloc(32, 5), clock)
  /** Of the interface alone: pages and the SDK are files. */
  const routes: string[] = []
  http.app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push(`${one} ${url}`)
  })
  await addApi(http.app, {
    app: test.app,
    blobs,
    paths,
    log,
    publicKey: 'key',
    allowedOrigins: null,
    admin: admin ? createAdminToken(clock, createClientAddress([]), TOKEN) : null,
    account: 'demo',
    accounts: test.storage.accounts,
  })
  const { port } = await http.listen()
  return {
    ...{ test, http, blobs, paths, clock, routes, failures },
    base: `http://127.0.0.1:${port}`,
    async close() {
      await http.close()
      await test.app.close()
      await test.storage.close()
      remove()
    },
  }
}
export type TestApi = Awaited<ReturnType<typeof startTestApi>>
