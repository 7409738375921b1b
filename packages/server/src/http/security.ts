import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'

/** Per address; an office of fifty behind one address may open the web app at the same moment. */
const REQUESTS_PER_MINUTE = 3000

/**
 * What the web app needs: blob and data URLs for media and pictures, workers and audio worklets
 * from blobs, WebAssembly codecs, and signalling to any server that a page names.
 */
const CONTENT_SECURITY_POLICY = {
  'default-src': ["'self'"],
  'base-uri': ["'self'"],
  'connect-src': ["'self'", 'blob:', 'data:', 'ws:', 'wss:'],
  'font-src': ["'self'", 'data:'],
  'form-action': ["'self'"],
  'frame-ancestors': ["'self'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'media-src': ["'self'", 'blob:', 'data:'],
  'object-src': ["'none'"],
  'script-src': ["'self'", 'blob:', "'wasm-unsafe-eval'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'worker-src': ["'self'", 'blob:'],
}

/**
 * Security headers, cross-origin rules and the request limit.
 * @param allowedOrigins null for any.
 */
export const secure = async (
  app: FastifyInstance,
  allowedOrigins: readonly string[] | null,
): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    // Browsers complain about this one on plain http, which is the rule inside an office.
    crossOriginOpenerPolicy: false,
    // A self-signed certificate must stay avoidable: HSTS takes the way around a warning away.
    strictTransportSecurity: false,
  })
  await app.register(cors, {
    origin: allowedOrigins === null ? '*' : [...allowedOrigins],
    methods: ['GET', 'HEAD', 'POST'],
  })
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    cache: 10_000,
    allowList: (request) => request.url === '/healthz',
  })
}
