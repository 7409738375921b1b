import { expect } from 'vitest'
import type { Call } from '../../src/index.ts'
import { settled } from './clock.ts'
import { Peer, type PeerOptions } from './peer.ts'

/** What a call tells, in order. */
export const heard = (call: Call): string[] => {
  const told: string[] = []
  call.on('ringing', () => told.push('ringing'))
  call.on('answered', () => told.push('answered'))
  call.on('ended', (why, status) => told.push(`ended ${why} ${status}`))
  return told
}

/** A call that was begun. */
export const dialled = async (options: PeerOptions = {}) => {
  const peer = await Peer.start(options)
  const call = peer.telephone.dial('4930')
  const told = heard(call)
  await settled()
  return { peer, call, told }
}

/** A call that the trunk answered, with these headers in its 200. */
export const answered = async (headers: Record<string, string>, options: PeerOptions = {}) => {
  const all = await dialled(options)
  await all.peer.answer(all.peer.last('INVITE'), 200, { headers })
  expect(all.told).toEqual(['answered'])
  return all
}

/** After everything has run out nothing is kept. */
export const nothingLeft = async (peer: Peer) => {
  await peer.clock.advance(200_000)
  expect(peer.layer.size).toBe(0)
  expect(peer.media.lines.every((line) => line.closed)).toBe(true)
}
