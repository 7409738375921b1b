import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../src/files/file-index.ts'
import { createFiles } from '../../src/files/files.ts'
import { createMemoryContents } from '../../src/files/memory-contents.ts'
import type { FileKeys } from '../../src/files/sealed/file-keys.ts'
import { createRecordList } from '../../src/recording/record-list.ts'
import { createRecordedFiles } from '../../src/recording/recorded-files.ts'
import type { MediaControls } from '../../src/shared-media/api.ts'
import { fakePorts } from '../files/fake-ports.ts'

const setup = () => {
  let closeOther = () => {}
  const otherPage = new Promise<void>((resolve) => {
    closeOther = resolve
  })
  let now = 1_800_000_000_000
  const files = createFiles(fakePorts(createMemoryContents(1000), { now: () => ++now }))
  const removed: string[] = []
  const keys = {
    remove: async (name: string) => {
      removed.push(name)
    },
  } as unknown as FileKeys
  const played: string[] = []
  const player = {
    current: null,
    own: null as string | null,
    play: async (path: string) => {
      played.push(path)
      player.own = path
    },
    stop: () => {
      player.own = null
    },
  }
  const list = createRecordList(createMemoryStore())
  const recorded = createRecordedFiles({
    files,
    list,
    keys,
    localMedia: player as unknown as MediaControls,
    meeting: () => null,
    uploading: () => null,
    wallClock: () => ++now,
    async hold(name, run) {
      if (name === 'another page has it') await otherPage
      await run()
    },
  })
  const paths = () => recorded.all().map(({ path }) => path)
  return { files, list, recorded, removed, played, player, paths, closeOther }
}
let on: ReturnType<typeof setup>
beforeEach(() => {
  on = setup()
})

describe('06 §7, CRVideo_AddFileToRecordMgr', () => {
  it('a file of the store is added once; one that is nowhere is an error', async () => {
    await on.files.put('/a/talk.webm', 'x')
    expect(on.recorded.add('/a/talk.webm')).toBe(true)
    expect(on.recorded.add('/a//talk.webm')).toBe(false)
    expect(on.recorded.all()).toMatchObject([{ path: '/a/talk.webm', size: 1, upload: 'none' }])
    expect(() => on.recorded.add('/a/none.mp4')).toThrowError(
      expect.objectContaining({ code: 'files.unreadable' }),
    )
  })

  it('a chosen file is listed at once and copied into the store', async () => {
    on.files.register(new File(['film'], 'film.mp4'))
    expect(on.recorded.add('C:\\fakepath/film.mp4')).toBe(true)
    expect(on.paths()).toEqual(['C:\\fakepath/film.mp4'])
    on.files.unregister('C:\\fakepath\\film.mp4')
    expect(await (await on.files.get('C:\\fakepath\\film.mp4'))?.text()).toBe('film')
    expect(on.recorded.add('C:\\fakepath\\film.mp4')).toBe(false)
  })

  it('one that finds no room is not listed for long', async () => {
    on.files.register(new File(['x'.repeat(2000)], 'large.mp4'))
    expect(on.recorded.add('C:\\fakepath/large.mp4')).toBe(true)
    await expect.poll(on.paths).toEqual([])
  })
})

describe('10 §3: the record file manager', () => {
  const finish = async (path: string, sealedBy = '') => {
    await on.files.put(path, 'film')
    const id = on.files.idOf(path) ?? ''
    const record = { path, createdAt: Date.now(), duration: 3, mimeType: 'video/mp4', sealedBy }
    on.recorded.finished(id, record)
  }

  it('10 §1.1: a bare name means the newest of that name; a path means itself', async () => {
    for (const path of ['/old/a.mp4', '/new/a.mp4']) {
      await on.files.put(path, path)
      on.recorded.add(path)
    }
    expect(on.recorded.find('a.mp4')?.path).toBe('/new/a.mp4')
    expect(on.recorded.find('\\old\\a.mp4')?.path).toBe('/old/a.mp4')
    expect(on.recorded.find('b.mp4')).toBeNull()
  })

  it('an entry whose file is gone from the store goes, and its key with it', async () => {
    await finish('/a.mp4', 'key1')
    await on.files.remove('/a.mp4')
    expect(on.paths()).toEqual([])
    expect(on.removed).toEqual(['key1'])
  })

  it('10 §2: a recording in place of an earlier one leaves one entry and one key', async () => {
    await finish('/a.mp4', 'key1')
    await finish('/a.mp4', 'key2')
    expect(on.paths()).toEqual(['/a.mp4'])
    expect(on.removed).toEqual(['key1'])
  })

  it('removing the file that plays stops it first', async () => {
    await finish('/a.mp4')
    await on.recorded.play('a.mp4')
    const [found] = on.recorded.all()
    if (!found) throw new Error('it is not listed')
    await on.recorded.remove(found)
    expect([on.played, on.player.own]).toEqual([['/a.mp4'], null])
    expect(on.files.exists('/a.mp4')).toBe(false)
  })

  const grow = async (path: string, id?: string) => {
    const grown = await on.files.grow(path, 0)
    await grown.write(new TextEncoder().encode('film'))
    await grown.close()
    const record = { createdAt: 1, duration: 2, mimeType: 'video/mp4', sealedBy: '', path }
    on.recorded.note(id ?? grown.id, record)
    return record
  }
  const growing = () => on.list.all().filter(({ record }) => record.growing !== '')

  it('what closed pages left is listed; nothing leaves nothing', async () => {
    const record = await grow('/lost.mp4')
    on.recorded.note('nothing was written', { ...record, path: '/empty.mp4', sealedBy: 'key3' })
    expect(on.paths()).toEqual([])
    await on.recorded.repair()
    expect(on.recorded.all()).toMatchObject([{ path: '/lost.mp4', size: 4, duration: 2 }])
    expect(on.removed).toEqual(['key3'])
    expect(growing()).toEqual([])
  })

  it('what another page still writes is left to it, and what it leaves is taken', async () => {
    const record = await grow('/other.mp4', 'another page has it')
    await grow('/lost.mp4')
    const repaired = on.recorded.repair()
    await expect.poll(on.paths).toEqual(['/lost.mp4'])
    expect(growing()).toHaveLength(1)
    await on.files.put('/other.mp4', 'whole film')
    on.recorded.finished('another page has it', record)
    on.closeOther()
    await repaired
    expect(on.recorded.find('/other.mp4')).toMatchObject({ size: 10 })
    expect(growing()).toEqual([])
  })
})
