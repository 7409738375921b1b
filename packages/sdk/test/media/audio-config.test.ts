import { describe, expect, it } from 'vitest'
import { changeAudio, DEFAULT_AUDIO, micConstraints } from '../../src/devices/audio-config.ts'

describe('08 §4: the audio configuration', () => {
  it('missing fields and invalid values keep what was', () => {
    const chosen = changeAudio(DEFAULT_AUDIO, { micName: 'A', privAgc: 1, aec: 0 })
    expect(chosen).toEqual({ ...DEFAULT_AUDIO, micName: 'A', privAgc: 1, aec: 0 })
    expect(changeAudio(chosen, { speakerName: 'S', aec: 2 as 1 })).toEqual({
      ...chosen,
      speakerName: 'S',
    })
    expect(changeAudio(chosen, { micName: '' }).micName).toBe('')
  })

  it('the browser’s own processing is on unless aec, ans or agc is 0', () => {
    const all = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
    expect(micConstraints(DEFAULT_AUDIO, '')).toEqual(all)
    expect(micConstraints({ ...DEFAULT_AUDIO, privEC: 0, privAgc: 0 }, '')).toEqual(all)
    for (const [field, constraint] of [
      ['aec', 'echoCancellation'],
      ['ans', 'noiseSuppression'],
      ['agc', 'autoGainControl'],
    ] as const)
      expect(micConstraints({ ...DEFAULT_AUDIO, [field]: 0 }, '')).toEqual({
        ...all,
        [constraint]: false,
      })
  })

  it('privEC asks for the strongest echo handling; a named device is asked for exactly', () => {
    expect(micConstraints({ ...DEFAULT_AUDIO, aec: 0, privEC: 1 }, 'id')).toMatchObject({
      deviceId: { exact: 'id' },
      echoCancellation: true,
      voiceIsolation: true,
    })
  })
})
