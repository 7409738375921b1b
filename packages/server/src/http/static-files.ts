import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorBody } from './errors.ts'

const YEAR_SECONDS = 31_536_000
/** Vite puts files whose name has a hash of their content here. */
const HASHED = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+$/
const SDK = '/sdk/'
/** Never pages of the web app, whatever asks for them. */
const OUTSIDE_APP = /^\/(sdk|assets|ws|healthz)(\/|$)/

/** Folders that the build made. */
export interface StaticFolders {
  /** The web app: `index.html` and `assets`. */
  readonly webDir: string
  /** The SDK: `CloudroomVideoSDK.js`, `index.js`, `mediabunny.js` and their source maps. */
  readonly sdkDir: string
}

const cacheHeader = (file: string): string =>
  HASHED.test(file) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache'

const wantsPage = (request: FastifyRequest): boolean => {
  const pathname = request.url.split('?', 1)[0] ?? ''
  return (
    (request.method === 'GET' || request.method === 'HEAD') &&
    !OUTSIDE_APP.test(pathname) &&
    path.posix.extname(pathname) === '' &&
    /text\/html|\*\/\*/.test(request.headers.accept ?? '*/*')
  )
}

/** Pages of other sites load the SDK as script or module: it is open to them, the web app is not. */
const openToOthers = (reply: FastifyReply, file: string) => {
  reply.header('cross-origin-resource-policy', 'cross-origin')
  reply.header('cache-control', cacheHeader(file))
}

const serveSdk = async (app: FastifyInstance, sdkDir: string): Promise<void> => {
  const options = { cacheControl: false, index: false as const, setHeaders: openToOthers }
  await app.register(fastifyStatic, { ...options, root: sdkDir, prefix: SDK })
  app.get(`${SDK}yuntang.js`, (_, reply) => reply.sendFile('index.js', sdkDir))
}

const serveWeb = async (app: FastifyInstance, webDir: string): Promise<void> => {
  await app.register(fastifyStatic, {
    root: webDir,
    decorateReply: !app.hasReplyDecorator('sendFile'),
    cacheControl: false,
    setHeaders: (reply, file) => reply.header('cache-control', cacheHeader(file)),
  })
}

/** Serves the SDK and the web app; every address of the app's own routes gets its `index.html`. */
export const serveStaticFiles = async (
  app: FastifyInstance,
  { webDir, sdkDir }: StaticFolders,
): Promise<void> => {
  if (existsSync(sdkDir)) await serveSdk(app, sdkDir)
  const hasWeb = existsSync(path.join(webDir, 'index.html'))
  if (hasWeb) await serveWeb(app, webDir)
  app.setNotFoundHandler((request, reply) =>
    hasWeb && wantsPage(request)
      ? reply.header('cache-control', 'no-cache').sendFile('index.html', webDir)
      : reply.code(404).send(errorBody(404)),
  )
}
