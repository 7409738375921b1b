import { describe, expect, test } from 'vitest'
import { receive, reply, scenario } from '../support/scenario.ts'
import { SIPP, startSipp } from '../support/sipp.ts'
import { startTelephone } from '../support/telephones.ts'

const VERIFY = '<action><verifyauth assign_to="auth" username="yun" password="secret"/></action>'

describe.skipIf(!SIPP).each(['udp', 'tcp'] as const)(
  'sipp is registered at over %s',
  (transport) => {
    const registering = async (steps: string[]) => {
      const sipp = await startSipp({ transport, scenario: scenario(...steps) })
      const states: string[] = []
      const { telephone } = await startTelephone({ port: sipp.port, transport }, { register: true })
      telephone.on('registration', (state) => states.push(state))
      return { sipp, states, telephone }
    }

    test('the challenge is answered; closing takes the registration back', async () => {
      const { sipp, states, telephone } = await registering([
        receive('REGISTER'),
        reply('401 Unauthorized', [
          'WWW-Authenticate: Digest realm="t", nonce="n1", algorithm=MD5, qop="auth"',
        ]),
        receive('REGISTER', '', VERIFY),
        '<nop test="auth" next="good"/>',
        reply('403 Forbidden'),
        '<label id="good"/>',
        reply('200 OK', ['Expires: 600']),
        receive('REGISTER'),
        reply('200 OK', ['Expires: 0']),
      ])
      while (!states.length) await new Promise((resolve) => setTimeout(resolve, 10))
      expect(states).toEqual(['registered'])
      expect(telephone.registration).toBe('registered')
      await telephone.close()
      await sipp.done
    })

    test('403 is unauthorised', async () => {
      const { sipp, states } = await registering([receive('REGISTER'), reply('403 Forbidden')])
      await sipp.done
      while (!states.length) await new Promise((resolve) => setTimeout(resolve, 10))
      expect(states).toEqual(['unauthorised'])
    })
  },
)
