import { describe, expect, it } from 'vitest'
import { droppedFiles, MOST_DROPPED } from '../src/disk/dropped.ts'
import { iconOf, splitName } from '../src/disk/file-kinds.ts'
import { sizeText, spanOf } from '../src/disk/sizes.ts'
import { addPoint, isStalled, type Point, speedOf } from '../src/disk/speed.ts'

type Tree = { readonly [name: string]: Tree | string }

/** A dropped file or folder, as browsers give it. */
const entryOf = (name: string, content: Tree | string): FileSystemEntry => {
  if (typeof content === 'string')
    return {
      name,
      isFile: true,
      isDirectory: false,
      file: (found: (file: File) => void) => found(new File([content], name)),
    } as unknown as FileSystemEntry
  const inside = Object.entries(content).map(([inner, of]) => entryOf(inner, of))
  const createReader = () => {
    let at = 0
    return {
      readEntries: (found: (some: FileSystemEntry[]) => void) => {
        found(inside.slice(at, at + 100))
        at += 100
      },
    }
  }
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry
}
const dropOf = (tree: Tree) =>
  ({
    items: Object.entries(tree).map(([name, content]) => ({
      kind: 'file',
      webkitGetAsEntry: () => entryOf(name, content),
      getAsFile: () => new File([typeof content === 'string' ? content : ''], name),
    })),
  }) as unknown as DataTransfer
const namesOf = async (tree: Tree) =>
  (await droppedFiles(dropOf(tree)))?.map(({ name }) => name) ?? null

describe('files that are dropped', () => {
  it('those in folders are among them, what the system keeps there is not', async () => {
    const folder = { '.DS_Store': 'x', 'b.txt': 'b', deeper: { 'c.txt': 'c' }, 'Thumbs.db': 'x' }
    expect(await namesOf({ 'a.txt': 'a', folder })).toEqual(['a.txt', 'b.txt', 'c.txt'])
    expect(await namesOf({ empty: {} })).toEqual([])
  })

  it('a file that was dropped by its own name is shared, whatever it is called', async () => {
    expect(await namesOf({ '.env': 'x' })).toEqual(['.env'])
  })

  it(`more than ${MOST_DROPPED} are refused, a folder of so many is not`, async () => {
    const many = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`f${i}`, 'x']))
    expect(await namesOf({ folder: many(MOST_DROPPED) })).toHaveLength(MOST_DROPPED)
    expect(await namesOf({ folder: many(MOST_DROPPED + 1) })).toBeNull()
    expect(await namesOf(many(MOST_DROPPED + 1))).toBeNull()
  })
})

describe('names of files', () => {
  it.each([
    ['photo.JPG', 'picture'],
    ['a.tar.gz', 'archive'],
    ['会议.docx', 'document'],
    ['noending', 'file'],
    ['.mp4', 'film'],
    ['x.unknown', 'file'],
  ])('%s is shown as %s', (name, icon) => {
    expect(iconOf(name)).toBe(icon)
  })

  it.each([
    'a.pdf',
    `${'长'.repeat(250)}.pptx`,
    '👩‍👩‍👧 family.jpeg',
    'a.very-long-ending-of-a-name',
    '',
  ])('both parts of %j together are the name', (name) => {
    expect(splitName(name).join('')).toBe(name)
  })

  it('a long one keeps its ending', () => {
    expect(splitName('A long name (3).pdf')[1]).toBe('(3).pdf')
  })
})

describe('how fast a transfer is', () => {
  const after = (...points: [number, number][]) =>
    points.reduce<readonly Point[]>((all, [at, bytes]) => addPoint(all, { at, bytes }), [])

  it('counts the last seconds only', () => {
    expect(speedOf(after([0, 0], [400, 100]))).toBeNull()
    expect(speedOf(after([0, 0], [1000, 500]))).toBe(500)
    expect(speedOf(after([0, 0], [10_000, 100], [11_000, 1100]))).toBe(1000)
  })

  it('is stalled when nothing moved for a quarter of a minute', () => {
    expect(isStalled([], 99_000)).toBe(false)
    expect(isStalled(after([0, 1]), 14_000)).toBe(false)
    expect(isStalled(after([0, 1]), 16_000)).toBe(true)
  })

  it('sizes and times have few digits', () => {
    expect([0, 1023, 1024, 380_000, 1024 ** 3].map(sizeText)).toEqual([
      '0 B',
      '1.0 KB',
      '1.0 KB',
      '371 KB',
      '1.0 GB',
    ])
    expect([0.2, 90, 91, 6000].map(spanOf)).toEqual([
      { unit: 'seconds', n: 1 },
      { unit: 'seconds', n: 90 },
      { unit: 'minutes', n: 2 },
      { unit: 'hours', n: 2 },
    ])
  })
})
