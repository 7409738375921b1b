import { Container } from './container.ts'
import { MediaContainer } from './media-container.ts'
import type { MeetingSource } from './meeting-source.ts'
import { ScreenShareContainer } from './share-container.ts'
import { VideoContainer } from './video-container.ts'

/** The classes as pages see them: `new` without arguments, tied to the page's meeting (spec 13 §1.1). */
export function containerClasses(meetings: MeetingSource) {
  class PageVideoContainer extends VideoContainer {
    constructor() {
      super(meetings)
    }
  }
  class PageShareContainer extends ScreenShareContainer {
    constructor() {
      super(meetings)
    }
  }
  class PageMediaContainer extends MediaContainer {
    constructor() {
      super(meetings)
    }
  }
  return {
    Container,
    VideoContainer: PageVideoContainer,
    MediaContainer: PageMediaContainer,
    ScreenShareContainer: PageShareContainer,
  }
}

export type ContainerClasses = ReturnType<typeof containerClasses>
