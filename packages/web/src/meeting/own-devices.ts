import type { Meeting } from '@yuntang/sdk'
import { onScopeDispose } from 'vue'
import { wanted } from '../devices/device-memory.ts'
import { errorText, i18n } from '../i18n/index.ts'
import { toast } from '../ui/toasts.ts'

/** My microphone and camera in a meeting: turned by me, and a word when somebody else turned one off. */
export const useOwnDevices = (meeting: Meeting) => {
  const { t } = i18n.global
  let byMe = false

  const own = (work: () => void) => {
    byMe = true
    work()
    byMe = false
  }

  const flip = async (kind: 'mic' | 'camera'): Promise<void> => {
    const device = meeting[kind]
    const isOn = device.status === 3 || device.status === 4
    wanted[kind] = !isOn
    try {
      if (isOn) own(() => device.close())
      else await device.open()
    } catch (error) {
      wanted[kind] = false
      // Over the limit of open microphones: nobody is to wait for what does not come.
      if (device.status === 4) own(() => device.close())
      toast(errorText(error), 'error')
    }
  }

  const muteAll = async (): Promise<void> => {
    try {
      if (meeting.mic.status === 3) own(() => meeting.mic.close())
      await meeting.closeAllMics()
      toast(t('meeting.allMuted'))
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }

  const stops = [
    meeting.on('audioStatus', ({ userID, old, now }) => {
      if (userID === meeting.me && old === 3 && now === 2 && !byMe) toast(t('meeting.mutedBy'))
    }),
    meeting.on('videoStatus', ({ userID, old, now }) => {
      if (userID === meeting.me && old === 3 && now === 2 && !byMe)
        toast(t('meeting.cameraStoppedBy'))
    }),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  return { flip, muteAll }
}
