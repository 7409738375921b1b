import { reactive, watch } from 'vue'
import { client } from '../session.ts'
import { readSetting, writeSetting } from '../ui/settings.ts'

const { devices } = client

/** Whether I want to be heard and seen when I enter; kept on this device. */
export const wanted = reactive({
  mic: readSetting('want-mic') !== '0',
  camera: readSetting('want-camera') !== '0',
})
watch(wanted, ({ mic, camera }) => {
  writeSetting('want-mic', mic ? '1' : '0')
  writeSetting('want-camera', camera ? '1' : '0')
})

/** Camera numbers are given anew on every page, and names come only with the browser's permission. */
const pickCamera = () => {
  const name = readSetting('camera')
  const camera = name ? devices.cameras.find((c) => c.name === name) : undefined
  if (camera && camera.videoID !== devices.defaultVideo) devices.setDefaultVideo(camera.videoID)
}

/** Chooses the devices that were chosen last on this computer, as far as they are there. */
export const recallDevices = async (): Promise<void> => {
  devices.setAudio({ micName: readSetting('mic'), speakerName: readSetting('speaker') })
  devices.on('camerasChanged', pickCamera)
  await devices.start()
  pickCamera()
}

export const chooseMic = (name: string): void => {
  devices.setAudio({ micName: name })
  writeSetting('mic', name)
}

export const chooseSpeaker = (name: string): void => {
  devices.setAudio({ speakerName: name })
  writeSetting('speaker', name)
}

export const chooseCamera = (videoID: number): void => {
  const name = devices.cameras.find((c) => c.videoID === videoID)?.name ?? ''
  writeSetting('camera', name)
  devices.setDefaultVideo(videoID)
}
