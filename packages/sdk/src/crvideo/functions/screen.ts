import type { ScreenConfig } from '../../api.ts'
import { screenConfig } from '../../screen/config.ts'
import { readPicture } from '../../screen/picture-feed.ts'
import { flag, number, numericFields, record, text } from '../convert.ts'
import { CustomScreen } from '../custom-screen.ts'
import type { Facade } from '../facade.ts'
import { sdkNumber } from '../pending.ts'
import { fromBase64 } from '../picture/picture-file.ts'
import { ScreenPictures } from '../screen-pictures.ts'
import { warn } from '../warn.ts'
import { attempt, inMeeting } from './device-actions.ts'
import type { FunctionTable } from './function-table.ts'

const MEETNOTEXIST = 800
const CATCH_SCREEN_ERR = 900
const CONFIG_FIELDS = ['encodeType', 'maxFPS', 'maxKbps', 'catchWnd'] as const
const RECT_FIELDS = ['left', 'top', 'width', 'height'] as const

/** Numbers of an object; one that is there but unreadable is as it is now (spec 07 §1.2). */
const readNumbers = <K extends string>(
  given: Record<string, unknown>,
  names: readonly K[],
  now: Partial<Record<K, number>>,
): Partial<Record<K, number>> => {
  const read = numericFields(given, names)
  for (const name of names)
    if (given[name] !== undefined && now[name] !== undefined) read[name] ??= now[name]
  return read
}

/** A configuration as pages give it: numbers may be text. */
export function readConfig(given: Record<string, unknown>, now: ScreenConfig): ScreenConfig {
  const { encodeType, ...numbers } = readNumbers(given, CONFIG_FIELDS, now)
  const rect = record(given.catchRect)
  const catchRect = rect && readNumbers(rect, RECT_FIELDS, now.catchRect ?? {})
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
  const custom = new CustomScreen(facade, () => config.maxFPS)
  const pictures = new ScreenPictures(facade)
  facade.onClient((client) => [
    client.on('meeting', (meeting) => pictures.follow(meeting)),
    () => pictures.follow(null),
  ])

  return {
    GetScreenShareCfg: () => ({
      ...config,
      ...(config.catchRect ? { catchRect: { ...config.catchRect } } : {}),
    }),
    SetScreenShareCfg: (given) => {
      const read = record(given)
      if (!read) return warn('SetScreenShareCfg ignored: not an object')
      config = readConfig(read, config)
      // Also a share that the user is just choosing.
      facade.meeting?.screen.configure(config)
    },
    StartScreenShare: () => {
      const { meeting } = facade
      const result = (sdkErr: number) => facade.emit('StartScreenShareRslt', [sdkErr])
      if (!meeting) return result(MEETNOTEXIST)
      if (starting) return
      starting = true
      const isOwn = meeting.screen.sharing
      const feed = custom.enabled && !isOwn ? custom.open() : null
      meeting.screen.start({ config, ...(feed ? { source: feed.stream } : {}) }).then(
        () => {
          starting = false
          if (facade.meeting !== meeting) return
          result(0)
          if (isOwn) return
          facade.tellShareArea()
          if (feed) custom.began(meeting)
        },
        (error: unknown) => {
          starting = false
          if (feed) custom.close()
          if (facade.meeting === meeting) result(sdkNumber(error))
        },
      )
    },
    StopScreenShare: () => {
      if (!facade.meeting) facade.emit('StopScreenShareRslt', [MEETNOTEXIST])
      else if (!facade.meeting.screen.stop()) facade.emit('StopScreenShareRslt', [CATCH_SCREEN_ERR])
    },
    GetShareScreenDecodeImg: () => pictures.newest(),
    SetCustomizeCatchScreen: (enable) => custom.enable(flag(enable)),
    SetCustomizeScreenImg: (format, width, heigh, dat) => {
      const feed = custom.running
      if (!feed) return warn('SetCustomizeScreenImg ignored: no customised share runs')
      const base64 = text(dat)
      if (base64 === '') return
      const bytes = fromBase64(base64)
      const picture = readPicture(number(format), number(width), number(heigh), bytes)
      if (picture) feed.put(picture)
      else warn('SetCustomizeScreenImg ignored: size or data do not fit')
    },
    GiveCtrlRight: (userID) =>
      inMeeting(facade, 'giving the control right', ({ screen }) =>
        screen.holder !== '' && screen.holder === text(userID)
          ? warn('giving the control right ignored: held already')
          : attempt('giving the control right', () => screen.give(text(userID))),
      ),
    ReleaseCtrlRight: (userID) =>
      inMeeting(facade, 'releasing the control right', ({ screen, me }) => {
        const holder = text(userID)
        const mine = screen.sharing || holder === me || holder === ''
        const fits = holder === '' || holder === screen.holder
        if (!mine || !fits || !screen.release()) warn('releasing the control right ignored')
      }),
    SendMouseCtrlMsg: (msgType, mouseMsgType, x, y) =>
      inMeeting(facade, 'remote mouse', ({ screen }) => {
        if (!screen.sendMouse(number(msgType), number(mouseMsgType), number(x), number(y)))
          warn('remote mouse ignored: without the control right, or no such message')
      }),
    SendKeyCtrlMsg: (keyMsgType, vk, bExtendedKey) =>
      inMeeting(facade, 'remote key', ({ screen }) => {
        if (!screen.sendKey(number(keyMsgType), number(vk), flag(bExtendedKey)))
          warn('remote key ignored: without the control right, or no such key')
      }),
  }
}
