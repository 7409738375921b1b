import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { addressName } from '../core/address-name.ts'
import type { ClientOf } from './client-address.ts'

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

/** What the web app uses stays its own; whatever it does not use, no frame inside it gets either. */
const PERMISSIONS_POLICY = [
  ...['camera', 'microphone', 'display-capture', 'autoplay', 'fullscreen', 'picture-in-picture'],
  ...['screen-wake-lock', 'clipboard-write'],
]
  .map((feature) => `${feature}=(self)`)
  .concat(['geolocation', 'payment', 'usb', 'serial', 'hid', 'midi'].map((name) => `${name}=()`))
  .join(', ')

/**
 * Security headers, cross-origin rules and the request limit.
 * @param allowedOrigins null for any.
 */
export const secure = async (
  app: FastifyInstance,
  allowedOrigins: readonly string[] | null,
  client: ClientOf,
): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    // Browsers complain about this one on plain http, which is the rule inside an office.
    crossOriginOpenerPolicy: false,
    // A self-signed certificate must stay avoidable: HSTS takes the way around a warning away.
    strictTransportSecurity: false,
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('permissions-policy', PERMISSIONS_POLICY)
  })
  await app.register(cors, {
    origin: allowedOrigins === null ? '*' : [...allowedOrigins],
    // A file comes in many parts: its browser asks once.
    maxAge: 600,
    methods: ['GET', 'HEAD', 'POST', 'PATCH'],
    exposedHeaders: [
      'Content-Disposition',
      'Content-Range',
      'ETag',
      'Upload-Length',
      'Upload-Offset',
    ],
  })
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    cache: 10_000,
    keyGenerator: (request) => addressName(client.address(request.raw)),
    allowList: (request) => request.url === '/healthz',
  })
}
