import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AdminToken } from './admin-token.ts'

/** How the administrator comes in over HTTP. */
export interface AdminDoor {
  readonly token: AdminToken
  /** What is meant when a request names no account. */
  readonly account: string
  isAccount(name: string): Promise<boolean>
}

export const NO_ACCOUNT = 'There is no such account.'

export const refuse = (reply: FastifyReply, status: number, sentence: string) =>
  reply.code(status).send({ error: sentence })

/** From here on every route of this scope wants the token as `Authorization: Bearer`. */
export const adminOnly = (app: FastifyInstance, token: AdminToken): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (!token.mayTry(request.raw)) return refuse(reply, 429, 'Too many requests; wait a minute.')
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (!token.isToken(given))
      return refuse(
        reply.header('www-authenticate', 'Bearer'),
        401,
        'The token (ADMIN_TOKEN) is missing or wrong.',
      )
    token.giveBack(request.raw)
    return undefined
  })
}

/** The app account that a request means (`?account=name`); null when there is none of that name. */
export const accountIn = async (
  door: AdminDoor,
  request: FastifyRequest,
): Promise<string | null> => {
  const { account = door.account } = request.query as { account?: string }
  return typeof account === 'string' && (await door.isAccount(account)) ? account : null
}
