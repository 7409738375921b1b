import { describe, expect, it } from 'vitest'
import { uploadTarget } from '../../src/crvideo/record-values.ts'

describe('06 §7: CRVideo_SetRecordUploadCfg', () => {
  const url = 'http://records.example/'
  it.each([
    [{ type: 0, speakerName: url }, { kind: 'server' }],
    [{}, { kind: 'server' }],
    [
      { type: 1, speakerName: url },
      { kind: 'http', url },
    ],
    [`{"type":"1","httpUrl":"${url}"}`, { kind: 'http', url }],
    [
      { type: 1, serverAddr: '', url },
      { kind: 'http', url },
    ],
    [{ type: 1 }, { kind: 'http', url: '' }],
  ])('%j', (given, target) => {
    expect(uploadTarget(given)).toEqual(target)
  })

  it.each([['no JSON'], [undefined], [[1]], [{ type: 2 }], [{ type: 'x' }]])(
    'what cannot be read leaves the setting as it was: %j',
    (given) => {
      expect(uploadTarget(given)).toBeNull()
    },
  )
})
