import { type AuthRefusal, parseRefusal } from '@yuntang/protocol'
import { flag, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

const MEETPARAM_ERR = 5
const WEB_BROWER_NOTUPPORTED = 1002
const CUSTOMAUTH_FAILED = 17
const NO_REFUSAL: AuthRefusal = { code: 0, desc: '' }

const isSwitch = (value: unknown) =>
  value === undefined ||
  value === null ||
  typeof value === 'boolean' ||
  [0, 1, '0', '1', ''].includes(value as never)

const isText = (value: unknown) =>
  value === undefined || value === null || ['string', 'number'].includes(typeof value)

/** Init, server address and login (spec 02 §2, §3). */
export function basicFunctions(facade: Facade): FunctionTable {
  let refusal: AuthRefusal = NO_REFUSAL

  const init = (path: unknown, calls: unknown, media: unknown, http: unknown): number => {
    if (facade.client) return 0
    if (!('WebSocket' in globalThis) || !('RTCPeerConnection' in globalThis)) {
      return WEB_BROWER_NOTUPPORTED
    }
    if (!isText(path) || ![calls, media, http].every(isSwitch)) return MEETPARAM_ERR
    if (globalThis.isSecureContext === false) warn('no camera or microphone: page is not secure')
    facade.init({
      path: text(path),
      callService: flag(calls, true),
      mediaService: flag(media, true),
      httpFiles: flag(http),
    })
    return 0
  }

  return {
    PluginVersion: () => '3.6.2 web',
    SdkPath: () => facade.sdkPath,
    Init: (oemID, path, calls, media, http) =>
      isText(oemID) ? init(path, calls, media, http) : MEETPARAM_ERR,
    Init2: (path, calls, media, http) => init(path, calls, media, http),
    Uninit: () => facade.uninit(),
    SetServerAddr: (list) => {
      facade.serverAddr = text(list)
    },
    GetServerAddr: () => facade.serverAddr,
    Login: (account, password, nickName, userID, authCode, cookie = '') => {
      const [user, code] = [text(userID), text(authCode)]
      refusal = NO_REFUSAL
      facade.operate(
        (client, signal) =>
          client.login(
            {
              account: text(account),
              password: text(password),
              nickName: text(nickName),
              ...(user && { userID: user }),
              ...(code && { authCode: code }),
            },
            { signal },
          ),
        ({ userID: effective }) => facade.emit('LoginSuccess', [effective, cookie ?? '']),
        (sdkErr, error) => {
          if (sdkErr === CUSTOMAUTH_FAILED && error instanceof Error) {
            refusal = parseRefusal(error.message) ?? NO_REFUSAL
          }
          facade.emit('LoginFail', [sdkErr, cookie ?? ''])
        },
      )
    },
    Logout: () => facade.logout(),
    GetUserAuthErrCode: () => refusal.code,
    GetUserAuthErrDesc: () => refusal.desc,
  }
}
