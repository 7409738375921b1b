import type { AudioConfig } from '../../api.ts'
import { AudioPcm } from '../audio-pcm.ts'
import { number, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import { attempt, closeDevice, inMeeting, openDevice } from './device-actions.ts'
import type { FunctionTable } from './function-table.ts'

const SWITCHES = ['privEC', 'privAgc', 'aec', 'ans', 'agc'] as const

/** Missing and unreadable fields keep their value. */
function audioChange(from: Record<string, unknown>): Partial<AudioConfig> {
  const change: Partial<AudioConfig> = {}
  for (const name of ['micName', 'speakerName'] as const) {
    if (typeof from[name] === 'string') change[name] = from[name]
  }
  for (const name of SWITCHES) {
    const given = number(from[name] === '' ? null : from[name], Number.NaN)
    if (Number.isFinite(given)) change[name] = given === 0 ? 0 : 1
  }
  return change
}

/** Microphone, speakers, volumes and energy (spec 08 §3–5). */
export function audioFunctions(facade: Facade): FunctionTable {
  const setVolume = (which: 'micVolume' | 'speakerVolume', level: unknown): boolean => {
    const value = number(level, Number.NaN)
    if (!facade.client || !(value >= 0 && value <= 255)) return false
    facade.client.devices[which] = value
    return true
  }
  const pcm = new AudioPcm(facade)
  return {
    OpenMic: (userID) => openDevice(facade, 'mic', userID),
    CloseMic: (userID) => closeDevice(facade, 'mic', userID),
    GetAudioStatus: (userID) => facade.meeting?.member(text(userID))?.audio ?? 0,
    SetAllAudioClose: () =>
      inMeeting(facade, 'closing all microphones', (meeting) =>
        attempt('closing all microphones', () => meeting.closeAllMics()),
      ),
    GetAudioMicNames: () => [...(facade.client?.devices.mics ?? [])],
    GetAudioSpkNames: () => [...(facade.client?.devices.speakers ?? [])],
    SetAudioCfg: (cfg) => {
      const given = record(cfg)
      if (!facade.client || !given) return warn('SetAudioCfg ignored: no client or no object')
      facade.client.devices.setAudio(audioChange(given))
    },
    GetAudioCfg: () => ({ ...facade.settings.audio }),
    SetMicVolume: (level) => setVolume('micVolume', level),
    GetMicVolume: () => facade.settings.micVolume,
    SetSpeakerVolume: (level) => setVolume('speakerVolume', level),
    GetSpeakerVolume: () => facade.settings.speakerVolume,
    StartGetAudioPCM: (aSide, getType, jsonParam) => pcm.start(aSide, getType, jsonParam),
    StopGetAudioPCM: (aSide) => pcm.stop(aSide),
    GetMicEnergy: (userID) => facade.meeting?.energy(text(userID)) ?? 0,
  }
}
