import type { ScreenConfig } from '../../api.ts'
import { screenConfig } from '../../screen/config.ts'
import { numericFields, record } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { sdkNumber } from '../pending.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

const MEETNOTEXIST = 800
const CATCH_SCREEN_ERR = 900
const CONFIG_FIELDS = ['encodeType', 'maxFPS', 'maxKbps', 'catchWnd'] as const
const RECT_FIELDS = ['left', 'top', 'width', 'height'] as const

/** A configuration as pages give it: numbers may be text. */
function readConfig(given: Record<string, unknown>): ScreenConfig {
  const { encodeType, ...numbers } = numericFields(given, CONFIG_FIELDS)
  const rect = record(given.catchRect)
  const catchRect = rect && numericFields(rect, RECT_FIELDS)
  const { left = 0, top = 0, width, height } = catchRect ?? {}
  return screenConfig({
    ...numbers,
    encodeType: encodeType === 1 ? 1 : 0,
    ...(width !== undefined && height !== undefined
      ? { catchRect: { left, top, width, height } }
      : {}),
  })
}

/** Screen share (spec 09). */
export function screenFunctions(facade: Facade): FunctionTable {
  let config = screenConfig()
  let starting = false

  return {
    GetScreenShareCfg: () => ({
      ...config,
      ...(config.catchRect ? { catchRect: { ...config.catchRect } } : {}),
    }),
    SetScreenShareCfg: (given) => {
      const read = record(given)
      if (!read) return warn('SetScreenShareCfg ignored: not an object')
      config = readConfig(read)
      if (facade.meeting?.screen.sharing) facade.meeting.screen.configure(config)
    },
    StartScreenShare: () => {
      const { meeting } = facade
      const result = (sdkErr: number) => facade.emit('StartScreenShareRslt', [sdkErr])
      if (!meeting) return result(MEETNOTEXIST)
      if (starting) return
      starting = true
      const isOwn = meeting.screen.sharing
      meeting.screen.start({ config }).then(
        () => {
          starting = false
          if (facade.meeting !== meeting) return
          result(0)
          if (!isOwn) facade.tellShareArea()
        },
        (error: unknown) => {
          starting = false
          if (facade.meeting === meeting) result(sdkNumber(error))
        },
      )
    },
    StopScreenShare: () => {
      if (!facade.meeting) facade.emit('StopScreenShareRslt', [MEETNOTEXIST])
      else if (!facade.meeting.screen.stop()) facade.emit('StopScreenShareRslt', [CATCH_SCREEN_ERR])
    },
  }
}
