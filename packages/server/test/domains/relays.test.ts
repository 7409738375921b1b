import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { createRelays } from '../../src/domains/rtc/relays.ts'

const URLS = ['turn:turn.example:3478', 'stun:turn.example']
const SECRET = 'a secret of servers'
const made = (userID: string, secret: string | null = SECRET) =>
  createRelays({ urls: URLS, secret }, createFakeClock(1_700_000_000_500))(userID)

it('TURN REST: the name is expiry:user, the password base64(HMAC-SHA1(secret, name))', () => {
  expect(made('alice')).toEqual({
    urls: URLS,
    seconds: 3600,
    username: '1700003600:alice',
    credential: createHmac('sha1', SECRET).update('1700003600:alice').digest('base64'),
  })
})

it('TURN REST: a user ID that a TURN server may refuse is told as a digest', () => {
  for (const userID of ['Li Lei', 'o"brien', '用户', 'a:b'])
    expect(made(userID).username, userID).toMatch(/^1700003600:[0-9a-f]{32}$/)
  expect(made('a b').username).not.toBe(made('a c').username)
})

it('STUN servers alone have no credentials; nothing given to pages holds the secret', () => {
  expect(made('alice', null)).toEqual({ urls: URLS, seconds: 3600 })
  expect(JSON.stringify(made('alice'))).not.toContain(SECRET)
})
