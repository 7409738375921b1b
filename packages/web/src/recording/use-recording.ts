import type { Meeting } from '@yuntang/sdk'
import { onScopeDispose, type Ref, ref, watch } from 'vue'
import { errorText, i18n } from '../i18n/index.ts'
import { readSetting, writeSetting } from '../ui/settings.ts'
import { toast } from '../ui/toasts.ts'
import { recordPath } from './file-name.ts'
import { LAYOUTS, type LayoutName, regionsOf, type Scene } from './layouts.ts'
import { QUALITIES, type QualityName } from './qualities.ts'
import { arrange, isRecording, startRecording } from './recorder.ts'

const isLayout = (text: string): text is LayoutName => (LAYOUTS as readonly string[]).includes(text)
const isQuality = (text: string): text is QualityName => Object.hasOwn(QUALITIES, text)

/** How this person records, and what there is to record, until the calling scope ends. */
export const useRecording = (meeting: Meeting, large: Ref<string>) => {
  const stored = { layout: readSetting('record.layout'), quality: readSetting('record.quality') }
  const layout = ref<LayoutName>(isLayout(stored.layout) ? stored.layout : 'grid')
  const quality = ref<QualityName>(isQuality(stored.quality) ? stored.quality : 'standard')
  const upload = ref(readSetting('record.upload') === '1')
  const encrypt = ref(readSetting('record.encrypt') === '1')
  /** Nobody can be heard: the recording is silent. */
  const silent = ref(false)

  const scene = (): Scene => ({
    cameras: meeting.watchable,
    main:
      large.value || (meeting.watchable.find(({ userID }) => userID !== meeting.me)?.userID ?? ''),
    sharer: meeting.screen.sharer,
    film: meeting.media.current?.video ?? false,
  })
  const listen = () => {
    const isPlaying = meeting.media.current !== null
    silent.value = !isPlaying && !meeting.members.some(({ audio }) => audio === 3)
  }

  const start = async (): Promise<void> => {
    writeSetting('record.layout', layout.value)
    writeSetting('record.quality', quality.value)
    writeSetting('record.upload', upload.value ? '1' : '')
    writeSetting('record.encrypt', encrypt.value ? '1' : '')
    try {
      await startRecording({
        kind: 'meeting',
        path: recordPath('recordings', meeting.subject, new Date()),
        quality: quality.value,
        upload: upload.value,
        encrypt: encrypt.value,
        regions: (size) => regionsOf(layout.value, scene(), size),
      })
    } catch (error) {
      toast(errorText(error), 'error')
    }
  }

  watch([layout, large], arrange)
  watch(silent, (now) => {
    if (now && isRecording.value) toast(i18n.global.t('record.silent'), 'error')
  })
  const stops = [
    ...(['memberEntered', 'memberLeft', 'videoStatus', 'cameras', 'defaultVideo'] as const).map(
      (event) => meeting.on(event, arrange),
    ),
    ...(['memberEntered', 'memberLeft', 'audioStatus'] as const).map((event) =>
      meeting.on(event, listen),
    ),
    meeting.screen.on('changed', arrange),
    meeting.media.on('changed', () => {
      listen()
      arrange()
    }),
  ]
  onScopeDispose(() => {
    for (const stop of stops) stop()
  })
  listen()
  return { layout, quality, upload, encrypt, silent, start }
}

export type RecordDesk = ReturnType<typeof useRecording>
