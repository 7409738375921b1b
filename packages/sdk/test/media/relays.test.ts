import { expect, it } from 'vitest'
import type { RtcRequest } from '../../src/media/port.ts'
import { createRelayList } from '../../src/media/relays.ts'

const relays = (credential: string) => ({
  urls: ['turn:turn.example'],
  username: 'u',
  credential,
  seconds: 3600,
})
const server = (credential: string) => ({
  urls: ['turn:turn.example'],
  username: 'u',
  credential,
})

const world = (first: ReturnType<typeof relays> | null, next: ReturnType<typeof relays> | null) => {
  let now = 0
  let asked = 0
  let config: RTCConfiguration = { iceTransportPolicy: 'relay' }
  const request = (async () => {
    asked += 1
    return next ? { relays: next } : {}
  }) as unknown as RtcRequest
  const pc = {
    signalingState: 'stable',
    getConfiguration: () => config,
    setConfiguration(c: RTCConfiguration) {
      config = c
    },
  } as unknown as RTCPeerConnection
  return {
    list: createRelayList(first, request, () => now),
    pc,
    config: () => config,
    asked: () => asked,
    pass(seconds: number) {
      now += seconds * 1000
    },
  }
}

it('the relays of the snapshot serve the first connections without asking', async () => {
  const w = world(relays('first'), relays('next'))
  expect(w.list.servers).toEqual([server('first')])
  await w.list.prepare(w.pc)
  expect(w.asked()).toBe(0)
})

it('credentials are renewed before they expire: the next path is built with new ones', async () => {
  const w = world(relays('first'), relays('next'))
  w.pass(1900)
  await w.list.prepare(w.pc)
  expect(w.asked()).toBe(1)
  expect(w.config()).toEqual({ iceTransportPolicy: 'relay', iceServers: [server('next')] })
  w.pass(1700)
  await w.list.prepare(w.pc)
  expect(w.asked()).toBe(1)
})

it('a resync exchanges them; relays that are no more are used no more', async () => {
  const w = world(relays('first'), null)
  w.list.set(relays('resynced'))
  expect(w.list.servers).toEqual([server('resynced')])
  w.pass(3600)
  await w.list.prepare(w.pc)
  expect(w.config().iceServers).toEqual([])
  await w.list.prepare(w.pc)
  expect(w.asked()).toBe(1)
})
