import type { Files } from '../api.ts'
import { CbProxy } from './cb-proxy.ts'
import type { ContainerClasses } from './container/container-classes.ts'
import type { Facade } from './facade.ts'
import { createVfs } from './vfs.ts'

/** The `CRVideo` object (spec 00 §2, 08 §2.1): classes, old browser flags and the consent settings. */
export function createNamespace(
  facade: Facade,
  classes: ContainerClasses,
  files: Files,
  userAgent: string,
) {
  return {
    CbProxy,
    ...classes,
    vfs: createVfs(files),
    ie: false,
    v: undefined,
    ff: /firefox/i.test(userAgent),
    win: /windows/i.test(userAgent),
    mac: /mac os|macintosh/i.test(userAgent),
    get remoteOpenPolicy(): string {
      return facade.consent.policy
    },
    set remoteOpenPolicy(value: unknown) {
      facade.consent.policy = value
    },
    get onRemoteOpenRequest() {
      return facade.consent.request
    },
    set onRemoteOpenRequest(value: unknown) {
      facade.consent.request = value
    },
  }
}
