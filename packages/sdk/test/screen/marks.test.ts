import { LIMITS, type Mark } from '@yuntang/protocol'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { Send } from '../../src/link/link.ts'
import { createMarks, type Marks } from '../../src/screen/marks.ts'

const area = { x: 0, y: 0, w: 100, h: 50 }
const style = { color: 255, width: 3 }

describe('09 §6: strokes as one page has them', () => {
  let sent: { method: string; params: { id?: string; from?: number; points?: number[] } }[]
  /** What the server has. */
  let kept: Mark[]
  let refuse: YuntangError | null
  let marks: Marks
  const mark = (id: string, n: number, points: number[], userID = 'ann'): Mark => ({
    userID,
    id,
    n,
    ...style,
    points,
  })
  const told = ({ points, ...rest }: Mark, from = 0) => ({ ...rest, from, points })
  const shown = () => marks.list.map(({ userID, id, points }) => `${userID} ${id} ${points.join()}`)
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const parts = () =>
    sent.flatMap(({ method, params: { id, from, points } }) =>
      method === 'screen.mark' ? [`${id} ${from} ${points?.join()}`] : [],
    )

  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    sent = []
    kept = []
    refuse = null
    let ids = 0
    const send = (async (
      method: string,
      params: { after?: number } & (typeof sent)[0]['params'],
    ) => {
      sent.push({ method, params })
      if (method === 'screen.marks')
        return { marks: kept.filter(({ n }) => n > (params.after ?? 0)).map((m) => ({ ...m })) }
      if (refuse) throw refuse
      return {}
    }) as unknown as Send
    marks = createMarks({ me: 'me', send, newID: () => `s${ids++}`, changed: () => {} })
    return () => vi.useRealTimers()
  })

  it('others see a stroke grow at least every 100 ms, each point once', async () => {
    const pen = marks.draw(style, area)
    pen.add(1, 2)
    pen.add(3.4, 99)
    await pass(100)
    expect(parts()).toEqual(['s0 0 1,2,3,50'])
    pen.add(5, 6)
    pen.end()
    expect(parts().slice(1)).toEqual(['s0 2 5,6'])
    marks.marked(told(mark('s0', 1, [1, 2, 3, 50], 'me')))
    marks.marked(told(mark('s0', 1, [5, 6], 'me'), 2))
    expect(shown()).toEqual(['me s0 1,2,3,50,5,6'])
  })

  it('a longer stroke is split; the parts share a point', async () => {
    const pen = marks.draw(style, area)
    for (let i = 0; i <= LIMITS.markPoints; i++) pen.add(i % 100, 1)
    await pass(100)
    const [first, second] = marks.list
    expect(first?.points).toHaveLength(2 * LIMITS.markPoints)
    expect(second?.points).toEqual([...(first?.points.slice(-2) ?? []), 0, 1])
    expect(parts()).toHaveLength(2)
  })

  it('removed while the pen is down: nothing of before comes back, the pen begins anew', async () => {
    const pen = marks.draw(style, area)
    pen.add(1, 1)
    await pass(100)
    pen.add(2, 2)
    marks.clearMine()
    expect(shown()).toEqual([])
    // The server told of it before it heard that it is to go.
    marks.marked(told(mark('s0', 1, [1, 1], 'me')))
    await pass(100)
    pen.add(3, 3)
    pen.end()
    marks.unmarked('me')
    expect(shown()).toEqual(['me s1 3,3'])
    expect(parts()).toEqual(['s0 0 1,1', 's1 0 3,3'])
  })

  it('a stroke that began before this page looked is taken as a whole only', async () => {
    marks.marked(told(mark('x', 1, [5, 5]), 2))
    expect(shown()).toEqual([])
    kept = [mark('x', 1, [1, 1, 2, 2, 5, 5]), mark('y', 2, [7, 7])]
    marks.load()
    await pass(0)
    marks.marked(told(mark('x', 1, [5, 5, 6, 6]), 2))
    expect(shown()).toEqual(['ann x 1,1,2,2,5,5,6,6', 'ann y 7,7'])
    marks.unmarked('ann')
    expect(shown()).toEqual([])
  })

  it('after a restart: what the server lost of mine it is told again, what is gone of others goes', async () => {
    const pen = marks.draw(style, area)
    for (const x of [1, 2, 3]) pen.add(x, x)
    pen.end()
    marks.marked(told(mark('gone', 7, [1, 1])))
    marks.marked(told(mark('kept', 8, [1, 1])))
    const lost = marks.draw(style, area)
    lost.add(9, 9)
    lost.end()
    sent = []
    kept = [mark('s0', 1, [1, 1], 'me'), mark('kept', 2, [1, 1])]
    marks.load()
    expect(marks.list).toHaveLength(4)
    await pass(100)
    expect(shown().sort()).toEqual(['ann kept 1,1', 'me s0 1,1,2,2,3,3', 'me s1 9,9'])
    expect(parts()).toEqual(['s0 1 2,2,3,3', 's1 0 9,9'])
  })

  it('strokes of mine that made room for newer ones are not told again', async () => {
    const pen = marks.draw(style, area)
    pen.add(1, 1)
    pen.end()
    kept = Array.from({ length: LIMITS.marks }, (_, i) => mark(`o${i}`, i + 1, [1, 1]))
    sent = []
    marks.load()
    await pass(100)
    expect(marks.list).toHaveLength(LIMITS.marks)
    expect(parts()).toEqual([])
  })

  it('too many: the oldest goes, here as at the server', () => {
    for (let i = 0; i <= LIMITS.marks; i++) marks.marked(told(mark(`o${i}`, i + 1, [1, 1])))
    expect(marks.list).toHaveLength(LIMITS.marks)
    expect(marks.list[0]?.id).toBe('o1')
  })

  it('a stroke that is refused because the share is over goes', async () => {
    refuse = new YuntangError('screen.none')
    const pen = marks.draw(style, area)
    pen.add(1, 1)
    await pass(100)
    expect(shown()).toEqual([])
  })

  it('a part that was refused is told again after a look at what there is', async () => {
    refuse = new YuntangError('rate.exceeded')
    const pen = marks.draw(style, area)
    pen.add(1, 1)
    await pass(100)
    pen.add(2, 2)
    await pass(100)
    refuse = null
    sent = []
    await pass(1_000)
    expect(parts()).toEqual(['s0 0 1,1,2,2'])
    expect(shown()).toEqual(['me s0 1,1,2,2'])
  })

  it('the share is over: a pen draws nothing more, late answers are void', async () => {
    const pen = marks.draw(style, area)
    pen.add(1, 1)
    kept = [mark('x', 1, [1, 1])]
    marks.load()
    marks.reset()
    pen.add(2, 2)
    pen.end()
    await pass(2_000)
    expect(shown()).toEqual([])
    expect(parts()).toEqual([])
  })
})
