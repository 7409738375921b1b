import { expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import { planForServer, type ServerPorts } from '../../src/record-uploads/to-server.ts'

it('stamps are handed in before a recording is finished, and again to a server that forgot them', async () => {
  const asked: string[] = []
  const claim = { recording: 'c'.repeat(32), stamps: 2 }
  const ports: ServerPorts = {
    server: () => 'http://server',
    async handIn(content) {
      asked.push(`hand in ${content}`)
      return claim
    },
    send: (async (method: string, params: { evidence?: object }) => {
      asked.push(`${method} ${JSON.stringify(params.evidence)}`)
      if (asked.length < 3) throw new YuntangError('evidence.missing')
      return { record: { id: 'id' }, url: '/url' }
    }) as unknown as ServerPorts['send'],
  }
  const shipment = {
    key: 'a key of sixteen',
    content: claim.recording,
    path: '/a.mp4',
    to: undefined,
    described: () => ({ duration: 1, mimeType: 'video/mp4' }),
  }
  const plan = planForServer(ports, shipment, async () => null)
  const landed = await plan.finish('0'.repeat(32), new AbortController().signal)
  expect(landed).toEqual({ id: 'id', url: 'http://server/url' })
  const [once, twice] = [`hand in ${claim.recording}`, `records.finish ${JSON.stringify(claim)}`]
  expect(asked).toEqual([once, twice, once, twice])
})
