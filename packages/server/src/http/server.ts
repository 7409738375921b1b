import { createServer as createHttp, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import fastify, { type FastifyInstance } from 'fastify'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import { hostAddresses, urlHost } from './addresses.ts'
import { type Certificate, loadCertificate } from './certificate.ts'
import { createClientAddress, type TrustedProxies } from './client-address.ts'
import { answerErrors, sendUnreadable } from './errors.ts'
import { hurry } from './hurry.ts'
import { createListener } from './listener.ts'
import { secure } from './security.ts'
import { serveStaticFiles } from './static-files.ts'

const BODY_BYTES = 64 * 1024
const REQUEST_MS = 30_000
/** A request head comes within this time, or its connection goes (RFC 9112 §9.5). */
const HEADERS_MS = 10_000
const CHECK_MS = 2_000
/** More header lines than a browser ever sends are cut off. */
const MAX_HEADERS = 100
const TLS_HANDSHAKE_MS = 10_000

/** The part of the configuration that HTTP needs. */
export interface HttpConfig {
  readonly host: string | null
  readonly port: number
  readonly https: boolean
  readonly dataDir: string
  readonly allowedOrigins: readonly string[] | null
  readonly trustedProxies: TrustedProxies
  readonly publicIps: readonly string[]
}

export interface HttpServerOptions {
  readonly config: HttpConfig
  readonly log: Log
  readonly clock: Clock
  /** Folder of the built web app. */
  readonly webDir: string
  /** Folder of the built SDK. */
  readonly sdkDir: string
  /** Whether everything else has started; until then `/healthz` answers 503. */
  readonly ready: () => boolean
}

/** Where the server can be reached. */
export interface Listening {
  readonly port: number
  /** First the one for this machine, then one per address of it. */
  readonly urls: readonly string[]
}

export interface HttpServer {
  /** For further routes: add them before `listen`. */
  readonly app: FastifyInstance
  /** Node's server, to which the gateway attaches its upgrade. */
  readonly server: Server
  /** @throws StartError when the port is taken or the address is not ours. */
  listen(): Promise<Listening>
  /** Stops listening and ends every connection. Idempotent. */
  close(): Promise<void>
}

const urlsOf = (config: HttpConfig, port: number): readonly string[] => {
  const scheme = config.https ? 'https' : 'http'
  const every = config.host === null || config.host === '0.0.0.0' || config.host === '::'
  const hosts = every ? ['localhost', ...hostAddresses()] : [config.host ?? 'localhost']
  return hosts.map((host) => `${scheme}://${urlHost(host)}:${port}`)
}

/** Makes the HTTP or HTTPS server: health, SDK and web app. Nothing listens until `listen`. */
export const createHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  const { config, log, clock } = options
  const tls: Certificate | null = config.https
    ? await loadCertificate(config.dataDir, [...hostAddresses(), ...config.publicIps], clock.now())
    : null

  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    // Before routing there are no hooks yet, so also no error handler.
    frameworkErrors: (_error, _request, reply) => sendUnreadable(reply.raw),
    serverFactory: (handler) => {
      const limits = {
        requestTimeout: 0,
        headersTimeout: HEADERS_MS,
        connectionsCheckingInterval: CHECK_MS,
      }
      const server = tls
        ? createHttps({ ...tls, ...limits, handshakeTimeout: TLS_HANDSHAKE_MS }, handler)
        : createHttp(limits, handler)
      server.maxHeadersCount = MAX_HEADERS
      return server
    },
  })
  answerErrors(app, log)
  hurry(app, REQUEST_MS)
  await secure(app, config.allowedOrigins, createClientAddress(config.trustedProxies))
  app.get('/healthz', (_, reply) => {
    const ready = options.ready()
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ok' : 'starting' })
  })
  await serveStaticFiles(app, options)

  const listener = createListener(app.server, clock)
  let closing: Promise<void> | null = null
  return {
    app,
    server: app.server,
    async listen() {
      await app.ready()
      const port = await listener.listen(config)
      return { port, urls: urlsOf(config, port) }
    },
    close() {
      closing ??= listener.close().then(() => app.close())
      return closing
    },
  }
}
