import { expect, it } from 'vitest'
import type { StoredBoard } from '../../../src/storage/port.ts'
import { type Given, meeting } from './given.ts'

/** Whiteboards. */
export const boardsContract = (given: Given): void => {
  const board = (boardID: string, position: number): StoredBoard => ({
    boardID,
    title: '白板 ✅',
    width: 800,
    height: 600,
    pageCount: 3,
    userID: 'Müller, 1',
    position,
  })
  const element = (boardID: string, page: number, elementID: string, position: number) => ({
    boardID,
    page,
    elementID,
    author: 'Ü',
    position,
    data: JSON.stringify({ elementID, text: 'a\u0000b "✅"', position }),
  })
  const nothing = { closed: [], boards: [], pages: [], deleted: [], elements: [] }

  it('12 §1: boards, pages and elements come back in order, with every property', async () => {
    const { storage, account } = given()
    const { id } = meeting(account)
    const pages = [
      { boardID: 'b', page: 0, img: null },
      { boardID: 'b', page: 1, img: '' },
      { boardID: 'b', page: 2, img: '0_1_图.png' },
    ]
    await storage.boards.save(id, {
      ...nothing,
      boards: [board('c', 9), board('b', 2 ** 40)],
      pages: pages.map((page) => ({ ...page, replaced: false })),
      elements: [element('b', 2, 'y', 2 ** 45), element('b', 0, 'x', 3)],
    })
    expect(await storage.boards.load(id)).toEqual({
      boards: [board('c', 9), board('b', 2 ** 40)],
      pages,
      elements: [element('b', 0, 'x', 3), element('b', 2, 'y', 2 ** 45)],
    })
    expect(await storage.boards.meetings()).toContain(id)
    expect(await storage.boards.load(meeting(account).id)).toEqual({
      boards: [],
      pages: [],
      elements: [],
    })
  })

  it('12 §1.4: elements are replaced and deleted, pages written anew, boards closed', async () => {
    const { storage, account } = given()
    const { id } = meeting(account)
    const pageOf = (no: number, img: string | null, replaced: boolean) => ({
      boardID: 'b',
      page: no,
      img,
      replaced,
    })
    await storage.boards.save(id, {
      ...nothing,
      boards: [board('b', 1), board('gone', 2)],
      pages: [pageOf(0, null, false), pageOf(1, null, false)],
      elements: [
        element('b', 0, 'x', 1),
        element('b', 0, 'y', 2),
        element('b', 1, 'x', 3),
        element('gone', 0, 'x', 4),
      ],
    })
    const changed = { ...element('b', 0, 'x', 1), data: '{"new":1}' }
    await storage.boards.save(id, {
      closed: ['gone', 'unknown'],
      boards: [],
      pages: [pageOf(0, null, false), pageOf(1, 'img', true)],
      deleted: [
        { boardID: 'b', page: 0, elementID: 'y' },
        { boardID: 'b', page: 0, elementID: 'z' },
      ],
      elements: [changed, element('b', 1, 'n', 7)],
    })
    expect(await storage.boards.load(id)).toEqual({
      boards: [board('b', 1)],
      pages: [
        { boardID: 'b', page: 0, img: null },
        { boardID: 'b', page: 1, img: 'img' },
      ],
      elements: [changed, element('b', 1, 'n', 7)],
    })
  })

  it('12 §1: thousands of elements are saved in one call; boards belong to one meeting', async () => {
    const { storage, account } = given()
    const [{ id }, { id: other }] = [meeting(account), meeting(account)]
    const elements = Array.from({ length: 2_500 }, (_, n) => element('b', 0, `e${n}`, n))
    for (const one of [id, other])
      await storage.boards.save(one, { ...nothing, boards: [board('b', 1)], elements })
    expect((await storage.boards.load(id)).elements).toEqual(elements)
    await storage.boards.save(id, { ...nothing, deleted: elements.slice(1) })
    expect((await storage.boards.load(id)).elements).toEqual(elements.slice(0, 1))
    await storage.boards.removeAll(id)
    expect((await storage.boards.load(id)).boards).toEqual([])
    expect(await storage.boards.meetings()).not.toContain(id)
    expect((await storage.boards.load(other)).elements).toHaveLength(2_500)
  })
}
