import { describe, expect, it } from 'vitest'
import { createPictures } from '../../src/board/pictures.ts'
import { fileName } from '../../src/board/save.ts'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const SOURCE = { fileID: '1_a_b.png', data: '' }

const shelf = (pixels = 1) => {
  const asked: { resolve(picture: string): void; reject(): void }[] = []
  const waits: { ms: number; run(): void }[] = []
  const arrived: string[] = []
  const freed: string[] = []
  const pictures = createPictures<string>({
    load: () =>
      new Promise((resolve, reject) => asked.push({ resolve, reject: () => reject(new Error()) })),
    pixels: () => pixels,
    free: (picture) => freed.push(picture),
    arrived: (key) => arrived.push(key),
    after(ms, run) {
      waits.push({ ms, run })
      return () => {}
    },
  })
  return { pictures, asked, waits, arrived, freed }
}

describe('12 §6: pictures of a board', () => {
  it('a missing file is tried again after 2, 4 and 8 s, then on demand', async () => {
    const { pictures, asked, waits, arrived } = shelf()
    expect(pictures.get(SOURCE)).toBeNull()
    for (let i = 0; i < 4; i++) {
      asked[i]?.reject()
      await settle()
      waits[i]?.run()
    }
    expect(waits.map(({ ms }) => ms)).toEqual([2_000, 4_000, 8_000])
    expect(pictures.stateOf(SOURCE)).toBe('lost')
    expect(asked).toHaveLength(4)
    pictures.retry()
    expect(pictures.stateOf(SOURCE)).toBe('coming')
    asked[4]?.resolve('picture')
    await settle()
    expect(pictures.get(SOURCE)).toBe('picture')
    expect(pictures.stateOf(SOURCE)).toBe('here')
    // Given up, and here.
    expect(arrived).toEqual([SOURCE.fileID, SOURCE.fileID])
  })

  it('those that were painted longest ago go when there are too many', async () => {
    const { pictures, asked, freed } = shelf(50_000_000)
    for (const fileID of ['a', 'b']) pictures.get({ fileID, data: '' })
    asked[0]?.resolve('A')
    asked[1]?.resolve('B')
    await settle()
    expect(freed).toEqual(['A'])
    expect(pictures.get({ fileID: 'b', data: '' })).toBe('B')
  })

  it('what comes after the end is given up', async () => {
    const { pictures, asked, freed } = shelf()
    pictures.get(SOURCE)
    pictures.close()
    asked[0]?.resolve('late')
    await settle()
    expect(freed).toEqual(['late'])
    expect(pictures.get(SOURCE)).toBeNull()
  })
})

it('file names hold no signs that systems forbid', () => {
  expect(fileName('a/b: "c"?', 'png')).toBe('a_b_ _c__.png')
  expect(fileName('', 'pdf')).toBe('board.pdf')
})
