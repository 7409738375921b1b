import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createProcessEngine, EngineError } from '@yuntang/media'
import { openAccounts } from './accounts/open.ts'
import { addApi } from './api.ts'
import { createApp } from './app.ts'
import { overTcp, parseConfig } from './config.ts'
import { systemClock as clock } from './core/clock.ts'
import { randomIds as ids } from './core/ids.ts'
import { createLog, withoutValues } from './core/log.ts'
import { createScope } from './core/scope.ts'
import { StartError } from './core/start-error.ts'
import { loadSigningKey } from './domains/evidence/signing-key.ts'
import { openForbiddenWords } from './domains/im/forbidden-words.ts'
import { openPhone } from './domains/phones/open.ts'
import { makeFirstQueues } from './domains/queues/first-queues.ts'
import { openBlobDirectory } from './files/blob-directory.ts'
import { loadSecretKey } from './files/secret-key.ts'
import { createSignedPaths } from './files/signed-paths.ts'
import { attachWebSockets } from './gateway/websocket.ts'
import { createAdminToken } from './http/admin-token.ts'
import { createClientAddress } from './http/client-address.ts'
import { createHttpServer } from './http/server.ts'
import { openDataDir } from './storage/data-dir.ts'
import { openStorage } from './storage/open.ts'

const VERSION = '0.1.0'
/** A clean end takes at most this long; then the process goes anyway. */
const END_MS = 4_500

const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const say = (text: string) => process.stdout.write(`${text}\n`)

const start = async () => {
  const parsed = parseConfig(process.env, process.argv.slice(2))
  if (!parsed.ok) throw new StartError(parsed.problems.join('\n'))
  const { config } = parsed
  const log = createLog(config.logLevel)
  const scope = createScope((error) => log.error({ err: error }, 'could not be closed'))
  let ready = false

  const end = () => {
    ready = false
    setTimeout(() => process.exit(0), END_MS).unref()
    scope.close().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'the end was not clean')
        process.exit(1)
      },
    )
  }

  try {
    const dataDir = openDataDir(config.dataDir)
    scope.add(() => dataDir.close())
    const isForbidden = await openForbiddenWords(config.forbiddenWordsFile)
    if (!existsSync(`${dataDir.path}/db`) && !config.databaseUrl)
      say('Making the database; the first start takes a few seconds …')
    const storage = await openStorage(
      { dataDir: dataDir.path, databaseUrl: config.databaseUrl },
      log,
    )
    scope.add(() => storage.close())
    const account = await openAccounts(
      config.appAccount,
      dataDir.path,
      storage.accounts,
      clock,
      ids,
      log,
    )

    await makeFirstQueues(storage.queues, account.name, config.queuesFile, clock.now())

    const processes = config.mediaProcesses ?? cpus().length
    const engine = await createProcessEngine({
      workerPath: beside('./media-worker.js'),
      processes,
      port: config.mediaPort,
      ...(config.relays?.urls.some(overTcp) ? { relayedPort: config.mediaPort + processes } : {}),
      announce: config.publicIps,
      log: (level, text, data) => log[level](data ?? {}, text),
    })
    scope.add(() => engine.close())

    const phone =
      config.phone &&
      (await openPhone(config.phone, {
        engine,
        workerPath: beside('./phone-worker.js'),
        promptsPath: beside('../prompts'),
        clock,
        ids,
        log,
      }))
    if (phone) {
      scope.add(() => phone.sound.close())
      scope.add(() => phone.telephone.close())
    }

    const blobs = await openBlobDirectory(`${dataDir.path}/blobs`)
    const paths = createSignedPaths(loadSecretKey(dataDir.path), clock)
    const signingKey = loadSigningKey(dataDir.path)
    const app = await createApp({
      config,
      version: VERSION,
      clock,
      ids,
      log,
      storage,
      authenticator: account.authenticator,
      engine,
      blobs,
      paths,
      signingKey,
      isForbidden,
      phone,
    })
    const http = await createHttpServer({
      config: { ...config, dataDir: dataDir.path },
      log,
      clock,
      webDir: beside('../../web/dist'),
      sdkDir: beside('../../sdk/dist'),
      ready: () => ready,
    })
    scope.add(() => http.close())
    const client = createClientAddress(config.trustedProxies)
    await addApi(http.app, {
      app,
      blobs,
      paths,
      log,
      publicKey: signingKey.publicKey,
      allowedOrigins: config.allowedOrigins,
      admin: config.adminToken === null ? null : createAdminToken(clock, client, config.adminToken),
      account: account.name,
      accounts: storage.accounts,
    })
    const sockets = attachWebSockets(http.server, app.gateway, {
      origins: config.allowedOrigins,
      secure: config.https,
      client,
    })
    scope.add(async () => {
      const stored = app.close()
      sockets.close()
      await stored
    })
    const { urls } = await http.listen()
    ready = true
    say(`Yuntang ${VERSION} is ready. Open ${urls[0]}`)
    if (urls.length > 1) say(`On the network: ${urls.slice(1).join('  ')}`)
    if (config.https) say('The certificate is self-signed: browsers warn once, then go on.')
    const secret = account.password ? `, password ${account.password}` : ''
    say(`Sign in with account ${account.name}${secret}`)
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
  } catch (error) {
    await scope.close().catch(() => {})
    throw error
  }
}

start().catch((error: unknown) => {
  const plain = error instanceof StartError || error instanceof EngineError
  const text = plain ? (error as Error).message : ((error as Error)?.stack ?? String(error))
  process.stderr.write(`${withoutValues(text)}\n`)
  process.exit(1)
})
