import { EVIDENCE } from '@yuntang/protocol'
import type { FastifyInstance } from 'fastify'

export const EVIDENCE_KEY = '/api/v1/evidence/key'

/** Tells everybody the public key: whoever holds a manifest compares it. */
export const evidenceKeyRoute = (app: FastifyInstance, key: string): void => {
  app.get(EVIDENCE_KEY, async (_request, reply) => {
    reply.header('cache-control', 'no-cache')
    return { format: EVIDENCE.format, algorithm: 'Ed25519', key }
  })
}
