import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { Send } from '../../src/link/link.ts'
import { createMd5 } from '../../src/md5.ts'
import { createNetDisk, type NetDiskDeps } from '../../src/meeting/netdisk.ts'
import { createUploadRate } from '../../src/transfers/upload-rate.ts'
import { FakeEnv } from '../link/fake-env.ts'
import { fateful, passUntil, randomBytes, rangeServer } from '../transfers/fake-network.ts'

const md5Of = (bytes: Uint8Array) => {
  const md5 = createMd5()
  md5.update(bytes)
  return md5.digest()
}
const fileOf = (content: Uint8Array, fileID = 'f') => ({
  ...{ fileID, type: 0 as const, owner: 'a', ownerName: 'A', fileName: 'a.bin', createdAt: 1 },
  md5: md5Of(content),
  size: content.length,
})

/** A net disk whose server answers as `answers` says. */
const setup = (answers: Record<string, unknown>, fetch: unknown = async () => new Response()) => {
  const env = new FakeEnv()
  const asked: [string, unknown][] = []
  const send = (async (method: string, params: unknown) => {
    asked.push([method, params])
    const answer = answers[method]
    if (answer instanceof Error) throw answer
    return await (typeof answer === 'function' ? answer() : answer)
  }) as unknown as Send
  const disk = createNetDisk({
    env,
    fetch: fetch as typeof globalThis.fetch,
    send,
    files: {} as NetDiskDeps['files'],
    rate: createUploadRate(env),
    server: () => 'http://server',
    newID: () => '0'.repeat(32),
  })
  return { disk, env, asked }
}

describe('the net disk as a page has it', () => {
  it('06 §2: what is fetched is held in pieces and comes out whole', async () => {
    const content = randomBytes(9 * 1024 * 1024 + 7)
    const server = rangeServer(content, fateful(['half', 'half']))
    const answers = { 'netdisk.download': { path: '/x', file: fileOf(content) } }
    const { disk, env } = setup(answers, server.fetch)
    const { blob } = await passUntil(env, disk.fetch('f').done)
    expect(md5Of(new Uint8Array(await blob.arrayBuffer()))).toBe(md5Of(content))
    expect(server.asked).toHaveLength(3)
  })

  it('06 §1: a file that is replaced while it is fetched comes as the new one', async () => {
    const [old, fresh] = [randomBytes(1000), randomBytes(5000)]
    const before = rangeServer(old, fateful(['half']))
    const after = rangeServer(fresh, fateful([]))
    let replaced = false
    const { disk, env } = setup(
      { 'netdisk.download': () => ({ path: '/x', file: fileOf(replaced ? fresh : old) }) },
      async (url: unknown, init?: RequestInit) => {
        if (replaced) return after.fetch(url, init)
        replaced = true
        return before.fetch(url, init)
      },
    )
    const told: number[] = []
    const onProgress = ({ percent }: { percent: number }) => void told.push(percent)
    const { blob, file } = await passUntil(env, disk.fetch('f', { onProgress }).done)
    expect(file.md5).toBe(md5Of(fresh))
    expect(md5Of(new Uint8Array(await blob.arrayBuffer()))).toBe(md5Of(fresh))
    expect(told).toEqual([...told].sort((a, b) => a - b))
  })

  it('06 §2: a file that is deleted fails its downloads here, and says so', async () => {
    const { disk } = setup({ 'netdisk.download': new Promise(() => {}) })
    const removed: string[] = []
    disk.on('removed', ({ fileID, by }) => removed.push(`${fileID} ${by}`))
    const fetching = disk.fetch('f')
    disk.handle?.({ name: 'netdisk.removed', data: { fileID: 'f', by: 'b' } })
    await expect(fetching.done).rejects.toEqual(new YuntangError('file.unknown'))
    expect(removed).toEqual(['f b'])
  })

  it('06 §2: unfinished uploads are those that nothing here goes on with; one is given up', async () => {
    const half = (fileID: string) => ({
      ...{ fileID, type: 0, fileName: 'a.bin', size: 9, received: 4, touchedAt: 1 },
    })
    const { disk, asked } = setup({
      'netdisk.unfinished': { files: [half('f'), half('g')] },
      'netdisk.upload': new Promise(() => {}),
      'netdisk.cancel': {},
    })
    const freed: string[] = []
    disk.on('freed', ({ fileID }) => freed.push(fileID))
    const running = disk.upload(new Blob(['123456789']), { fileID: 'f', name: 'a.bin' })
    expect(await disk.unfinished()).toEqual([half('g')])
    await disk.discard('g')
    expect(asked).toContainEqual(['netdisk.cancel', { fileID: 'g' }])
    expect(freed).toEqual(['g'])
    await disk.discard('f')
    expect(running.state).toBe('cancelled')
  })

  it('06 §1.1: the end of the meeting fails what runs; nothing begins after it', async () => {
    const { disk } = setup({ 'netdisk.download': new Promise(() => {}) })
    const fetching = disk.fetch('f')
    disk.close?.()
    await expect(fetching.done).rejects.toEqual(new YuntangError('meeting.outside'))
    expect(() => disk.fetch('f')).toThrow(new YuntangError('meeting.outside'))
    expect(disk.transfers).toEqual([])
  })
})
