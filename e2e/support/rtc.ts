import type { ClassicPage } from './classic.ts'

interface Window {
  connections: RTCPeerConnection[]
  cameras: MediaStreamTrack[]
}

/** Runs in the page first: keeps its connections and the camera tracks that it captured. */
export const watchMedia = (): void => {
  const own = window as unknown as Window & { RTCPeerConnection: typeof RTCPeerConnection }
  const Original = own.RTCPeerConnection
  own.connections = []
  own.cameras = []
  own.RTCPeerConnection = class extends Original {
    constructor(config?: RTCConfiguration) {
      super(config)
      own.connections.push(this)
    }
  }
  const capture = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await capture(constraints)
    own.cameras.push(...stream.getVideoTracks())
    return stream
  }
}

/** Runs in the page first: a browser whose cameras know no `resizeMode`. */
export const withoutCropping = (): void => {
  const strip = (constraints?: MediaTrackConstraints): MediaTrackConstraints => {
    const {
      resizeMode: _,
      width: __,
      height: ___,
      ...rest
    } = constraints as MediaTrackConstraints & {
      resizeMode?: string
    }
    return { ...rest, resizeMode: 'none' } as MediaTrackConstraints
  }
  const capture = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = (constraints) =>
    capture(
      typeof constraints?.video === 'object'
        ? { ...constraints, video: strip(constraints.video) }
        : constraints,
    )
  const apply = MediaStreamTrack.prototype.applyConstraints
  MediaStreamTrack.prototype.applyConstraints = function (constraints) {
    return apply.call(this, this.kind === 'video' ? strip(constraints) : constraints)
  }
}

/** Pictures that the page has decoded so far of what it receives. */
export const decoded = (page: ClassicPage): Promise<number> =>
  page.page.evaluate(async () => {
    let frames = 0
    for (const pc of (window as unknown as Window).connections)
      for (const stat of (await pc.getStats()).values())
        if (stat.type === 'inbound-rtp' && stat.kind === 'video') frames += stat.framesDecoded ?? 0
    return frames
  })

export interface SentVideo {
  width: number
  height: number
  fps: number
  /** bit/s since the last look */
  bitrate: number
  maxBitrate: number
  maxFramerate: number
  degradation: string
}

/** What the page's largest sent video layer is now, over one second. */
export const sentVideo = (page: ClassicPage): Promise<SentVideo | null> =>
  page.page.evaluate(async () => {
    const { connections } = window as unknown as Window
    const look = async () => {
      const found = []
      for (const pc of connections)
        for (const sender of pc.getSenders())
          if (sender.track?.kind === 'video')
            for (const stat of (await sender.getStats()).values())
              if (stat.type === 'outbound-rtp' && stat.frameWidth) found.push({ stat, sender })
      return found.sort((a, b) => b.stat.frameWidth - a.stat.frameWidth)[0]
    }
    const before = await look()
    await new Promise((r) => setTimeout(r, 1000))
    const now = await look()
    if (!before || !now || before.stat.id !== now.stat.id) return null
    const { encodings, degradationPreference = '' } =
      now.sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string }
    const seconds = (now.stat.timestamp - before.stat.timestamp) / 1000
    const largest = encodings.reduce((a, b) =>
      (b.scaleResolutionDownBy ?? 1) < (a.scaleResolutionDownBy ?? 1) ? b : a,
    )
    return {
      width: now.stat.frameWidth,
      height: now.stat.frameHeight,
      fps: (now.stat.framesEncoded - before.stat.framesEncoded) / seconds,
      bitrate: ((now.stat.bytesSent - before.stat.bytesSent) * 8) / seconds,
      maxBitrate: largest.maxBitrate ?? 0,
      maxFramerate: largest.maxFramerate ?? 0,
      degradation: degradationPreference,
    }
  })

/** Settings of the newest camera track that still runs. */
export const capturedVideo = (page: ClassicPage): Promise<MediaTrackSettings> =>
  page.page.evaluate(() => {
    const live = (window as unknown as Window).cameras.filter((t) => t.readyState === 'live')
    return live.at(-1)?.getSettings() ?? {}
  })
