import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A transfer of files: it may take as long as bytes keep coming. */
    unhurried?: boolean
  }
}

/**
 * A request has to be there completely within `ms`: whoever sends it byte by byte holds a socket and
 * nothing else. Node's own limit knows no exceptions, and uploads need one.
 */
export const hurry = (app: FastifyInstance, ms: number): void => {
  app.decorateRequest('cancelHurry', null)
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.unhurried) return
    const { socket } = request.raw
    const timer = setTimeout(() => socket.destroy(), ms)
    request.cancelHurry = () => clearTimeout(timer)
  })
  // The body has been read; or there was no route, an error, or the page went away.
  const done = async (request: { cancelHurry: (() => void) | null }) => request.cancelHurry?.()
  app.addHook('preHandler', done)
  app.addHook('onResponse', done)
  app.addHook('onRequestAbort', done)
}

declare module 'fastify' {
  interface FastifyRequest {
    cancelHurry: (() => void) | null
  }
}
