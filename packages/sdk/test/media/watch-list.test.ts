import { describe, expect, it } from 'vitest'
import type { RtcRequest } from '../../src/media/port.ts'
import { WatchList } from '../../src/media/watch-list.ts'

const camera = (userID: string) => ({ userID, videoID: 1, height: 180 })

/** A server that answers when it is told to. */
const setup = () => {
  const told: string[][] = []
  const waiting: { answer(): void; refuse(): void }[] = []
  const request = ((_method: string, list: { videos: readonly { userID: string }[] }) => {
    told.push(list.videos.map(({ userID }) => userID))
    return new Promise<void>((answer, reject) => {
      waiting.push({ answer, refuse: () => reject(new Error('refused')) })
    })
  }) as unknown as RtcRequest
  const next = async () => {
    for (let turn = 0; turn < 20 && waiting.length === 0; turn++) await Promise.resolve()
    const first = waiting.shift()
    if (!first) throw new Error('nothing was told')
    return first
  }
  return { watches: new WatchList(request), told, waiting, next }
}

describe('07 §2: which cameras the server is told to send', () => {
  it('a camera that is wanted at any moment about an answer is told', async () => {
    // How many turns after the answer the next wish comes: none of them may lose it.
    for (let turns = 0; turns < 8; turns++) {
      const { watches, told, next } = setup()
      watches.set([camera('ann')])
      ;(await next()).answer()
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      watches.set([camera('ann'), camera('bob')])
      ;(await next()).answer()
      expect(told).toEqual([['ann'], ['ann', 'bob']])
    }
  })

  it('what is wanted while an earlier wish is refused is told all the same', async () => {
    const { watches, told, next } = setup()
    watches.set([camera('gone')])
    const first = await next()
    watches.set([camera('bob')])
    first.refuse()
    ;(await next()).answer()
    expect(told).toEqual([['gone'], ['bob']])
  })

  it('what was refused is told again when the connection is back, and nothing twice', async () => {
    const { watches, told, waiting, next } = setup()
    watches.set([camera('ann')])
    ;(await next()).refuse()
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    watches.flush()
    ;(await next()).answer()
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    watches.set([camera('ann')])
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    expect([told, waiting]).toEqual([[['ann'], ['ann']], []])
  })
})
