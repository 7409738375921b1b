import { expect, test } from 'vitest'
import { chromiumPub, chromiumSub, restarted } from './support/fixtures.ts'
import { CAM, fakeEngine, MIC, page, rtcpOf, rtpOf, settled } from './support/page.ts'

const pair = async () => {
  const e = fakeEngine()
  const a = page(e, 'a')
  const b = page(e, 'b')
  await a.publish()
  await b.receive()
  return { e, a, b }
}

test('port: audio is delivered to every other peer by itself, video only on wish', async () => {
  const { e, a, b } = await pair()
  expect((await b.answerAll())?.tracks).toEqual([
    { mid: '0', from: 'a', track: 'mic', kind: 'audio' },
  ])
  await b.watch('a')
  expect((await b.answerAll())?.tracks.map((t) => t.track)).toEqual(['mic', 'cam'])
  expect(a.offered()).toEqual([])
  a.sendAudio()
  e.advance(20)
  a.sendVideo(true)
  expect(rtpOf(b.sub, 111)).toHaveLength(1)
  expect(rtpOf(b.sub, 96)).toHaveLength(1)
  await e.engine.close()
})

test('port: a peer that names whom it hears gets the sound of no others', async () => {
  const { e, a, b } = await pair()
  const c = page(e, 'c')
  await c.publish()
  await e.engine.watch({ room: 'r', peer: 'b', wishes: [], hears: ['c'] })
  expect((await b.answerAll())?.tracks.map((t) => t.from)).toEqual(['c'])
  await e.engine.watch({ room: 'r', peer: 'b', wishes: [] })
  expect((await b.answerAll())?.tracks.map((t) => t.from).sort()).toEqual(['a', 'c'])
  a.sendAudio()
  expect(rtpOf(b.sub, 111)).toHaveLength(1)
  await e.engine.close()
})

test('WHEP: a page that only offers gets its tracks in the answer to the same offer given again', async () => {
  const e = fakeEngine()
  const [a, b] = [page(e, 'a'), page(e, 'b')]
  await a.publish()
  await b.receive()
  await b.watch('a')
  const answer = await b.receive()
  expect(answer.match(/a=sendonly/g)).toHaveLength(2)
  a.sendAudio()
  a.sendVideo(true)
  expect(rtpOf(b.sub, 111).map((p) => answer.includes(`a=ssrc:${p.ssrc} `))).toEqual([true])
  expect(rtpOf(b.sub, 96).map((p) => answer.includes(`a=ssrc:${p.ssrc} `))).toEqual([true])
  await e.engine.close()
})

test('port: a video that nobody wishes is paused, and no key frame is asked for', async () => {
  const { e, a, b } = await pair()
  await b.answerAll()
  a.sendVideo(true)
  for (let i = 0; i < 50; i++) {
    a.sendVideo(false, i % 5 === 0 ? { seq: 200 + i * 3 } : {})
    e.advance(20)
  }
  expect(rtpOf(b.sub, 96)).toEqual([])
  expect(rtcpOf(a.pub, 206)).toEqual([])
  expect(rtcpOf(a.pub, 205, 1)).toEqual([])
  await e.engine.close()
})

test('the first answer is inactive on both lines and keeps the mids', async () => {
  const e = fakeEngine()
  const answer = await page(e, 'b').receive()
  expect(answer.match(/a=mid:.*/g)).toEqual(['a=mid:0', 'a=mid:1'])
  expect(answer.match(/a=inactive/g)).toHaveLength(2)
  expect(answer).toContain('a=end-of-candidates')
  await e.engine.close()
})

test('findings §4.3, 3: wishes that change while an offer is outstanding go into the next one', async () => {
  const { e, b } = await pair()
  const c = page(e, 'c')
  await c.publish()
  expect(b.offered()).toHaveLength(1)
  await b.watch('a')
  await b.unwatch()
  await b.watch('c')
  expect(b.offered()).toHaveLength(1)
  const last = await b.answerAll()
  expect(b.offered()).toHaveLength(2)
  expect(last?.tracks.map((t) => `${t.from}/${t.track}`).sort()).toEqual([
    'a/mic',
    'c/cam',
    'c/mic',
  ])
  await e.engine.close()
})

test('an answer of an older version is ignored', async () => {
  const { e, a, b } = await pair()
  const [first] = b.offered()
  await e.engine.answer({
    room: 'r',
    peer: 'b',
    sdp: chromiumSub,
    version: (first?.version ?? 0) - 1,
  })
  a.sendAudio()
  expect(rtpOf(b.sub, 111)).toEqual([])
  await b.answerAll()
  a.sendAudio()
  expect(rtpOf(b.sub, 111)).toHaveLength(1)
  await e.engine.close()
})

test('findings §3.1: 50 toggles of a camera leave the same m-lines', async () => {
  const { e, a, b } = await pair()
  await b.watch('a')
  for (let i = 0; i < 50; i++) {
    await a.publish([MIC])
    expect((await b.answerAll())?.tracks.map((t) => t.track)).toEqual(['mic'])
    await a.publish()
    expect((await b.answerAll())?.tracks.map((t) => t.track)).toEqual(['mic', 'cam'])
  }
  expect(b.offered().at(-1)?.sdp.match(/^m=/gm)).toHaveLength(2)
  await e.engine.close()
})

test('unpublish stops a track at once, whatever the page goes on sending', async () => {
  const { e, a, b } = await pair()
  await b.answerAll()
  await e.engine.unpublish({ room: 'r', peer: 'a', tracks: ['mic'] })
  a.sendAudio()
  expect(rtpOf(b.sub, 111)).toEqual([])
  expect((await b.answerAll())?.tracks).toEqual([])
  await e.engine.close()
})

test('findings §3.5: other ICE credentials mean a new transport, and tracks go on', async () => {
  const { e, a, b } = await pair()
  await b.answerAll()
  const before = a.pub
  const answer = await a.publish([MIC, CAM], restarted(chromiumPub))
  expect(before.state).toBe('closed')
  expect(answer).toContain(`a=ice-ufrag:${a.pub.local.ufrag}`)
  a.sendAudio()
  expect(rtpOf(b.sub, 111)).toHaveLength(1)
  const sub = b.sub
  await b.receive(restarted(chromiumSub))
  expect(sub.state).toBe('closed')
  await b.answerAll()
  a.sendAudio()
  expect(rtpOf(b.sub, 111)).toHaveLength(1)
  expect(e.lost).toEqual([])
  await e.engine.close()
})

test('the same credentials keep the transport', async () => {
  const { e, a } = await pair()
  const before = a.pub
  await a.publish()
  expect(a.pub).toBe(before)
  await e.engine.close()
})

test('a page that builds its receiving connection anew gets everything again', async () => {
  const { e, b } = await pair()
  const c = page(e, 'c')
  await c.publish()
  await b.watch('a')
  await b.answerAll()
  const answer = await b.receive(restarted(chromiumSub))
  expect(answer.match(/^m=/gm)).toHaveLength(2)
  expect((await b.answerAll())?.tracks).toHaveLength(3)
  await e.engine.close()
})

test('a closed transport is told as lost, once', async () => {
  const { e, a, b } = await pair()
  a.pub.enter('closed')
  b.sub.enter('closed')
  expect(e.lost).toEqual([
    { room: 'r', peer: 'a', side: 'pub' },
    { room: 'r', peer: 'b', side: 'sub' },
  ])
  await e.engine.close()
})

test('closePeer withdraws the peer everywhere; closeRoom and close end every transport', async () => {
  const { e, a, b } = await pair()
  await b.answerAll()
  await e.engine.closePeer({ room: 'r', peer: 'a' })
  expect(a.pub.state).toBe('closed')
  expect((await b.answerAll())?.tracks).toEqual([])
  await e.engine.closeRoom('r')
  expect(e.factory.made.every((t) => t.state === 'closed')).toBe(true)
  await e.engine.close()
  await e.engine.close()
  await expect(a.publish()).rejects.toMatchObject({ code: 'closed' })
})

test('rooms are apart: nobody hears another room', async () => {
  const { e, b } = await pair()
  await e.engine.publish({ room: 'other', peer: 'x', offer: chromiumPub, tracks: [MIC] })
  await settled()
  expect((await b.answerAll())?.tracks.map((t) => t.from)).toEqual(['a'])
  await e.engine.close()
})

test.each([
  ['too many tracks', Array.from({ length: 21 }, (_, i) => ({ ...MIC, track: `t${i}` })), 'limit'],
  ['an unknown m-line', [{ ...MIC, mid: '9' }], 'sdp'],
  ['two tracks on one m-line', [MIC, { ...MIC, track: 'other' }], 'sdp'],
  ['the wrong kind', [{ ...CAM, mid: '0' }], 'sdp'],
])('%s is refused and changes nothing', async (_name, tracks, code) => {
  const { e, a, b } = await pair()
  await b.answerAll()
  await expect(a.publish(tracks)).rejects.toMatchObject({ name: 'EngineError', code })
  a.sendAudio()
  expect(rtpOf(b.sub, 111)).toHaveLength(1)
  await e.engine.close()
})

test('calls for a peer or room that is not there are refused', async () => {
  const { e } = await pair()
  const call = (room: string, peer: string) =>
    e.engine.answer({ room, peer, sdp: chromiumSub, version: 1 })
  await expect(call('nowhere', 'a')).rejects.toMatchObject({ code: 'peer' })
  await expect(call('r', 'nobody')).rejects.toMatchObject({ code: 'peer' })
  await e.engine.close()
})
