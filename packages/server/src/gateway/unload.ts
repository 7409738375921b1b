import type { FastifyInstance } from 'fastify'
import type { Gateway } from './gateway.ts'

/** Longest secret that can be ours. */
const TOKEN_CHARS = 128

/**
 * `POST /api/unload` with a link's secret as plain text: the page is being unloaded (spec 00 §10, 07 §3).
 * Browsers send this beacon even when the socket's last frame no longer leaves. Always answers 204.
 */
export const addUnloadRoute = (app: FastifyInstance, gateway: Gateway): void => {
  app.post('/api/unload', { bodyLimit: TOKEN_CHARS }, (request, reply) => {
    if (typeof request.body === 'string') gateway.unload(request.body)
    // Pages of other sites send it, too: a page that is kept would log that its answer was blocked.
    return reply.code(204).header('cross-origin-resource-policy', 'cross-origin').send()
  })
}
