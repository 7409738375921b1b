import { CbProxy } from './cb-proxy.ts'
import { Container } from './container/container.ts'
import { MediaContainer } from './container/media-container.ts'
import { ScreenShareContainer } from './container/share-container.ts'
import { VideoContainer } from './container/video-container.ts'
import type { Facade } from './facade.ts'

/** The `CRVideo` object (spec 00 §2, 08 §2.1): classes, old browser flags and the consent settings. */
export function createNamespace(facade: Facade, userAgent: string) {
  class PageVideoContainer extends VideoContainer {
    constructor() {
      super(facade.containers)
    }
  }
  return {
    CbProxy,
    Container,
    VideoContainer: PageVideoContainer,
    MediaContainer,
    ScreenShareContainer,
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
