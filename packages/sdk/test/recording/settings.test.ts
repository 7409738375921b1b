import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../src/files/file-index.ts'
import { createRecordList } from '../../src/recording/record-list.ts'
import { qualityFactor, readSettings } from '../../src/recording/settings.ts'

describe('10 §2.1: how a recording is encoded', () => {
  it('has defaults for everything but the path', () => {
    expect(readSettings({ path: 'a.mp4' })).toMatchObject({
      width: 640,
      height: 360,
      frameRate: 15,
      picture: true,
      ownSound: true,
      otherSound: true,
      webm: false,
    })
  })

  it('clamps sizes to even ones, rate and bits', () => {
    const odd = { path: 'a.webm', width: 10, height: 5001, frameRate: 90, bitrate: 1, quality: 0 }
    expect(readSettings(odd)).toMatchObject({
      width: 64,
      height: 4096,
      frameRate: 30,
      bitrate: 50_000,
      webm: true,
    })
    expect(readSettings({ path: 'a', width: 641, height: 361.5 })).toMatchObject({
      width: 640,
      height: 360,
    })
  })

  it.each([
    [0, 1],
    [22, 1],
    [29, 0.75],
    [36, 0.5],
    [51, 0.3],
    [99, 0.3],
  ])('quantiser %i takes × %f of the bits', (quality, factor) => {
    expect(qualityFactor(quality)).toBeCloseTo(factor)
  })

  it.each([
    { path: '' },
    { path: 'folder/' },
    { path: 'a.mp4', width: Number.NaN },
    { path: 'a.mp4', picture: false, ownSound: false, otherSound: false },
  ])('refuses %o', (options) => {
    expect(() => readSettings(options)).toThrow(expect.objectContaining({ sdk: 5 }))
  })
})

describe('10 §3: the list of recordings', () => {
  const record = (path: string, createdAt: number) => ({
    path,
    createdAt,
    duration: 1,
    mimeType: 'video/mp4',
    sealedBy: '',
    growing: '',
  })

  it('is in order of creation and ignores what others wrote', () => {
    const store = createMemoryStore()
    const list = createRecordList(store)
    list.set('/b', record('b', 2))
    list.set('/a', record('a', 1))
    store.setItem('yuntang.record:/c', '{"path":1}')
    store.setItem('yuntang.record:/d', 'not JSON')
    expect(list.all().map(({ key }) => key)).toEqual(['/a', '/b'])
    list.remove('/a')
    expect(list.all()).toEqual([{ key: '/b', record: record('b', 2) }])
  })
})
