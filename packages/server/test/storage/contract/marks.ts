import { expect, it } from 'vitest'
import { type Given, meeting } from './given.ts'

/** Strokes over shared screens. */
export const marksContract = (given: Given): void => {
  const mark = (n: number, text = '') => ({
    n,
    data: JSON.stringify({ n, text: `a\u0000"✅${text}` }),
  })
  const save = (id: number, share: number, numbers: number[], gone: number[] = []) =>
    given().storage.marks.save(id, share, { marks: numbers.map((n) => mark(n)), gone })

  it('09 §6: strokes come back in order, are replaced and forgotten, and belong to one share', async () => {
    const { storage, account } = given()
    const { id } = meeting(account)
    const share = 2 ** 45
    await save(id, share, [3, 1, 2])
    await save(id, share + 1, [7])
    await storage.marks.save(id, share, { marks: [mark(2, 'longer')], gone: [1, 99] })
    expect(await storage.marks.load(id, share)).toEqual([mark(2, 'longer'), mark(3)])
    const shares = async () => (await storage.marks.shares()).filter((s) => s.meeting === id)
    expect(await shares()).toHaveLength(2)
    await storage.marks.remove(id, share + 1)
    expect(await shares()).toEqual([{ meeting: id, share }])
    await storage.marks.remove(id)
    expect(await shares()).toEqual([])
    expect(await storage.marks.load(id, share)).toEqual([])
  })

  it('09 §6: as many as a share holds are saved in one call', async () => {
    const { storage, account } = given()
    const { id } = meeting(account)
    const all = Array.from({ length: 2_000 }, (_, n) => n + 1)
    await save(id, 1, all)
    expect(await storage.marks.load(id, 1)).toEqual(all.map((n) => mark(n)))
    await save(id, 1, [], all.slice(1))
    expect(await storage.marks.load(id, 1)).toEqual([mark(1)])
    await storage.marks.remove(id)
  })
}
