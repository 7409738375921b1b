import type { ServerResponse } from 'node:http'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { Log } from '../core/log.ts'

const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request could not be read.',
  404: 'There is nothing at this address.',
  405: 'This address does not take requests of this kind.',
  413: 'The request is too large.',
  415: 'The request has a content type that is not taken here.',
  429: 'Too many requests; wait a minute.',
}
const FAILED = 'The server failed while handling the request.'

/** Body of every error answer: one plain sentence. */
export interface ErrorBody {
  readonly error: string
}

export const errorBody = (status: number): ErrorBody => ({ error: SENTENCES[status] ?? FAILED })

/** Answers a request that could not even be routed. */
export const sendUnreadable = (response: ServerResponse): void => {
  response
    .writeHead(400, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(errorBody(400)))
}

/** A folder without a page (403) is as good as nothing; what has no sentence counts as unreadable. */
const statusOf = ({ statusCode = 500 }: FastifyError): number => {
  if (statusCode >= 500) return 500
  if (statusCode === 403) return 404
  return statusCode in SENTENCES ? statusCode : 400
}

/** Answers errors with a plain sentence; what really happened goes to the log only. */
export const answerErrors = (app: FastifyInstance, log: Log): void => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = statusOf(error)
    if (status === 500) log.error({ err: error, method: request.method }, 'A request failed')
    return reply.code(status).send(errorBody(status))
  })
}
