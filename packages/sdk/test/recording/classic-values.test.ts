import { describe, expect, it } from 'vitest'
import { recordOptions, regionsOf } from '../../src/crvideo/record-values.ts'
import { readSettings } from '../../src/recording/settings.ts'

const rect = { left: '1.5', top: 2, width: 3, height: 4 }
const contents = (...entries: Record<string, unknown>[]) =>
  regionsOf(entries.map((entry) => ({ ...rect, ...entry }))).map(({ content }) => content)

describe('10 §2.1: regions of CRVideo_SetRecordVideos', () => {
  it('camid is split at its last dot; without a number it is the default camera', () => {
    expect(
      contents(
        { type: 0, param: { camid: 'a.b.3' } },
        { type: 0, param: { camid: 'a.-1' } },
        { type: 0, param: { camid: 'a.x' } },
        { type: '0', param: '{"camid":"a"}' },
        { param: { type: 0, camid: 'z.2' } },
      ),
    ).toEqual([
      { kind: 'camera', userID: 'a.b', videoID: 3 },
      { kind: 'camera', userID: 'a', videoID: -1 },
      { kind: 'camera', userID: 'a', videoID: -1 },
      { kind: 'camera', userID: 'a', videoID: -1 },
      { kind: 'camera', userID: 'z', videoID: 2 },
    ])
  })

  it('a region whose param lacks what it needs harms no other', () => {
    expect(
      contents(
        { type: 0, param: '' },
        { type: 1, param: {} },
        { type: 9 },
        { type: 1, param: { resourceid: 'logo' } },
        { type: 4, width: 0 },
        { type: 4, param: '' },
      ),
    ).toEqual([{ kind: 'picture', id: 'logo' }, { kind: 'time' }])
  })

  it('a share is cropped by text or object', () => {
    expect(
      contents(
        { type: 2 },
        { type: 2, param: { area: '1,2,30,40' } },
        { type: 5, param: { area: { x: 1, y: 2, w: 30, h: 40 } } },
        { type: 2, param: { area: '1,2' } },
      ),
    ).toEqual([
      { kind: 'screen' },
      { kind: 'screen', crop: { x: 1, y: 2, w: 30, h: 40 } },
      { kind: 'screen', crop: { x: 1, y: 2, w: 30, h: 40 } },
      { kind: 'screen' },
    ])
  })

  it.each([undefined, null, '{', 5, [null, 'x', { type: 4 }]])(
    'reads nothing out of %o',
    (value) => {
      expect(regionsOf(value)).toEqual([])
    },
  )
})

describe('10 §2: arguments of CRVideo_StartRecordIng', () => {
  it.each([
    [3, 0, true, true, true],
    [1, 0, true, true, false],
    [2, 7, true, false, true],
    [3, 3, false, true, true],
    [3, 5, true, true, false],
    [0, 3, false, false, false],
  ])('audioType %i and recDataType %i', (audioType, data, picture, ownSound, otherSound) => {
    const args = ['a.mp4', audioType, 24, 1280, 720, 1_000_000, 22, data]
    const wanted = { picture, ownSound, otherSound }
    expect(recordOptions(args)).toMatchObject({ path: 'a.mp4', width: 1280, ...wanted })
    const asObject = { filePathName: 'a.mp4', audioType, recordWidth: 1280, recDataType: data }
    expect(recordOptions([asObject])).toMatchObject({ path: 'a.mp4', width: 1280, ...wanted })
  })

  it('00 §4: what is no number fails with 5, whichever it is', () => {
    const args = ['a.mp4', 3, 24, 1280, 720, 1_000_000, 22, 0]
    expect(() => readSettings(recordOptions(args))).not.toThrow()
    for (let i = 1; i < args.length; i++)
      expect(() => readSettings(recordOptions(args.with(i, 'x')))).toThrowError(
        expect.objectContaining({ sdk: 5 }),
      )
  })
})
