import type { AudioConfig } from '../api.ts'

export const DEFAULT_AUDIO: AudioConfig = {
  micName: '',
  speakerName: '',
  privEC: 0,
  privAgc: 0,
  aec: 1,
  ans: 1,
  agc: 1,
}

/** The configuration after a change; fields that are missing or no valid value keep theirs. */
export function changeAudio(old: AudioConfig, change: Partial<AudioConfig>): AudioConfig {
  const flag = (name: 'privEC' | 'privAgc' | 'aec' | 'ans' | 'agc'): 0 | 1 =>
    change[name] === 0 || change[name] === 1 ? change[name] : old[name]
  return {
    micName: typeof change.micName === 'string' ? change.micName : old.micName,
    speakerName: typeof change.speakerName === 'string' ? change.speakerName : old.speakerName,
    privEC: flag('privEC'),
    privAgc: flag('privAgc'),
    aec: flag('aec'),
    ans: flag('ans'),
    agc: flag('agc'),
  }
}

/** Voice isolation is not yet in the standard DOM types; browsers without it ignore it. */
export interface MicConstraints extends MediaTrackConstraints {
  voiceIsolation?: boolean
}

/** What is asked of the microphone (spec 08 §4); `deviceId` `""` is the system's default. */
export function micConstraints(config: AudioConfig, deviceId: string): MicConstraints {
  return {
    ...(deviceId === '' ? {} : { deviceId: { exact: deviceId } }),
    echoCancellation: config.aec === 1,
    noiseSuppression: config.ans === 1,
    autoGainControl: config.agc === 1,
    ...(config.privEC === 1 ? { echoCancellation: true, voiceIsolation: true } : {}),
  }
}
