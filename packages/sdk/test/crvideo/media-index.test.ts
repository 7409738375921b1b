import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { page, settle } from './fake-client.ts'

const asked: string[] = []
const answers: Record<string, string> = {}
beforeEach(() => {
  asked.length = 0
  vi.stubGlobal('WebSocket', class {})
  vi.stubGlobal('RTCPeerConnection', class {})
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url)
    return new Response(answers[url] ?? '', { status: url in answers ? 200 : 404 })
  })
})
afterEach(() => vi.unstubAllGlobals())

const start = (work: string) => {
  const { client, run } = page()
  const stored = ['/w/media/mine.mp4', '/w/media/notes.txt', '/w/media/old/other.mp4']
  Object.assign(client, {
    files: { work: '/w', list: () => stored.map((path) => ({ path, size: 1, mtime: 1 })) },
  })
  run('Init2', work)
  return { list: () => run('GetAllFilesInMediaPath'), run }
}

it('10, GetAllFilesInMediaPath: nothing is looked for before a page asks', async () => {
  const { list } = start('https://x.example/home')
  await settle()
  expect(asked).toEqual([])
  answers['https://x.example/home/media/index.json'] =
    '["b.webm", "../up.mp4", 7, "a.MP4", "read.me"]'
  expect(list()).toEqual(['https://x.example/home/Media/mine.mp4'])
  await settle()
  expect(list()).toEqual(
    ['a.MP4', 'b.webm', 'mine.mp4'].map((name) => `https://x.example/home/Media/${name}`),
  )
  expect(asked).toHaveLength(1)
})

it('10, GetAllFilesInMediaPath: no list, one that is none, or no URL', async () => {
  answers['https://y.example/media/index.json'] = '{"a.mp4": 1}'
  for (const work of ['https://x.example/none', 'https://y.example', '/w']) {
    const { list } = start(work)
    list()
    await settle()
    expect(list()).toEqual([`${work}/Media/mine.mp4`])
  }
  expect(asked).toHaveLength(2)
})
